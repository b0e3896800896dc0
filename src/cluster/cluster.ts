/** What other nodes must forget, since it is gone or means something else by now. */
export interface Invalidation {
  readonly ids: readonly string[];
  /** Whatever was ever made. */
  readonly everything: boolean;
}

/** Names that one node works on, and nobody else. */
export interface Lease {
  /** Higher than that of every lease of the same names before it. */
  readonly fence: number;
  /** Whether somebody had one of the names shortly before, so that what is to be made may be there by now. */
  readonly isRepeated: boolean;
  /** Nobody else can have taken the names since. Without asking anybody. */
  isHeld(): boolean;
  /** Never throws. What was taken over meanwhile is left alone. */
  release(): Promise<void>;
}

/** The account that has nothing left, and what is left on it: 0 or less. */
export interface ExhaustedAccount {
  readonly account: string;
  readonly left: number;
}

/** `single`: there are no others · `joined`: this node hears them · `apart`: it would have to, but does not. */
export type ClusterState = 'single' | 'joined' | 'disconnected';

/**
 * What other nodes must hear, what only one may do, and what all of them count. The promises, each of them one test of the
 * contract suite; nothing here ever throws because others cannot be reached: then a node goes on alone.
 *
 * - `tell` resolves once every other node has heard, or hears nothing any more (`hears` is false there); and where nobody can
 *   be told, no sooner than `bound` milliseconds after the call. It answers how many others heard.
 * - `hears(since)` is true only where everything told after `since` was heard here, or its teller still waits.
 * - `take` gives all of the names or none, to one node at a time; those of a node that is gone are free again within two
 *   seconds, and all are after `deadline` milliseconds.
 * - `freed` resolves once one of the names is released, on the signal, or after the patience: whichever comes first.
 * - Whoever has anything left on all of the accounts is charged on all, and nobody is charged who has not. They fill evenly,
 *   from empty to full in a minute. `settle` charges all, also those that have nothing left.
 * - `count` counts what happens anywhere under a name, and answers how often it did since its first time, at most `window`
 *   milliseconds ago.
 */
export interface Cluster {
  readonly state: ClusterState;

  /** Nodes there are, as far as this one knows. */
  readonly nodes: number;

  /** From now on; what is heard is forgotten before this returns. */
  listen(hear: (news: Invalidation) => void): void;

  /** `since` by the monotonic clock, in milliseconds. */
  isInSync(since: number): boolean;

  publish(news: Partial<Invalidation>): Promise<number>;

  /** null while another node has one of them. */
  acquire(names: readonly string[], deadline: number): Promise<Lease | null>;

  waitForRelease(names: readonly string[], patience: number, signal: AbortSignal | null): Promise<void>;

  /** null where it was charged. `perMinute` is also what a full account holds. */
  charge(accounts: readonly string[], amount: number, perMinute: number): Promise<ExhaustedAccount | null>;

  /** Charges whatever is left: for what turned out to cost more than it was charged for. */
  settle(accounts: readonly string[], amount: number, perMinute: number): Promise<void>;

  count(name: string, window: number): Promise<number>;

  close(): Promise<void>;
}

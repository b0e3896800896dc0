/** Message to other nodes: what they must drop from their caches because it was deleted, replaced or purged. */
export interface Invalidation {
  readonly ids: readonly string[];
  /** Drop everything, not only `ids`. */
  readonly everything: boolean;
}

/** Exclusive right of one node to work on a set of names. */
export interface Lease {
  /** Increases with every lease of the same names; a higher fence supersedes a lower one. */
  readonly fence: number;
  /** Whether another node released one of the names a moment ago, so its result may already exist. */
  readonly isRepeated: boolean;
  /** Whether no other node can have taken the names. Decided locally, without a request. */
  isHeld(): boolean;
  /** Releases the names that this lease still holds. Never throws. */
  release(): Promise<void>;
}

/** Account without tokens left. `left` is 0 or less. */
export interface ExhaustedAccount {
  readonly account: string;
  readonly left: number;
}

/**
 * `single`: there are no other nodes · `joined`: this node receives their messages · `disconnected`: it should, but
 * does not.
 */
export type ClusterState = 'single' | 'joined' | 'disconnected';

/**
 * Coordination between nodes: invalidation messages, leases, shared rate limits and counters. Each promise below is one
 * test of the contract suite. An unreachable cluster never throws: the node continues alone.
 *
 * - `publish` resolves once each other node has received the message or can no longer trust its caches (`isInSync` is
 *   false there). If the cluster is unreachable, it resolves after the bound on staleness. It returns how many nodes
 *   confirmed.
 * - `isInSync(since)` is true only if this node received every message published after `since`, or its publisher still
 *   waits.
 * - `acquire` takes all names or none, for one node at a time. The names of a dead node become free within two seconds,
 *   all others after `deadline` milliseconds.
 * - `waitForRelease` resolves when one of the names is released, when the signal aborts, or after `patience`
 *   milliseconds.
 * - `charge` deducts from all accounts if each has something left; otherwise it deducts from none. `settle` deducts
 *   from all in any case. Accounts refill evenly, from empty to full in one minute.
 * - `count` adds one event to a name on all nodes. It returns the number of events since the first one, at most
 *   `window` milliseconds ago.
 */
export interface Cluster {
  readonly state: ClusterState;

  /** Number of known nodes, this one included. */
  readonly nodes: number;

  /** Registers the receiver of messages. A message is confirmed to its publisher after `hear` returns. */
  listen(onMessage: (news: Invalidation) => void): void;

  /** Whether this node received all messages since then. `since`: monotonic clock, in milliseconds. */
  isInSync(since: number): boolean;

  publish(news: Partial<Invalidation>): Promise<number>;

  /** Returns null while another node holds one of the names. `deadline` in milliseconds. */
  acquire(names: readonly string[], deadline: number): Promise<Lease | null>;

  waitForRelease(names: readonly string[], patience: number, signal: AbortSignal | null): Promise<void>;

  /** Returns null if all accounts were charged. `perMinute` is the refill rate and also the capacity of an account. */
  charge(accounts: readonly string[], amount: number, perMinute: number): Promise<ExhaustedAccount | null>;

  /** Charges accounts even if they are empty, for work that cost more than was charged before it. */
  settle(accounts: readonly string[], amount: number, perMinute: number): Promise<void>;

  count(name: string, window: number): Promise<number>;

  close(): Promise<void>;
}

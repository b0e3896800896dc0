import { randomUUID } from 'node:crypto';
import type { Cluster, ClusterState, ExhaustedAccount, Invalidation, Lease } from './cluster.ts';
import { LocalCluster } from './local.ts';
import { SyncTracker } from './membership.ts';
import { type Message, readMessage, type Unversioned, writeMessage } from './messages.ts';
import * as scripts from './scripts.ts';
import { RedisConnection } from './wire.ts';

/** Options of `RedisCluster`. Times in milliseconds. */
export interface RedisOptions {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /** Name of the store. Nodes with equal names form one cluster. */
  readonly name: string;
  /** Maximum time that a node trusts a record it read from the store, even without messages. */
  readonly bound: number;
  /** Logs a change of the cluster's state. */
  readonly report: (sentence: string, cause: unknown) => void;
  /** Called for every message of an unknown shape: it is ignored. */
  readonly onUnreadable: () => void;
  /** Time after which a silent node counts as dead. Nodes renew their lease four times in it. */
  readonly lease?: number;
}

const usualLease = 2000;
/** Allowance for clock drift. */
const clockTolerance = 50;

/**
 * Cluster of nodes that share one Redis. Redis holds nothing that must survive: members, leases and recent spending.
 * Without Redis a node asks the store each time, and `publish` waits until all cached records have expired.
 */
export class RedisCluster implements Cluster {
  readonly #options: Required<RedisOptions>;
  readonly #node = randomUUID();
  readonly #prefix: string;
  readonly #connection: RedisConnection;
  readonly #membership: SyncTracker;
  /** Fallback while Redis is unreachable. */
  readonly #alone = new LocalCluster();
  /** Callbacks of pending `publish` calls by message number, called with each node that confirms. */
  readonly #telling = new Map<number, (node: string) => void>();
  readonly #beating: NodeJS.Timeout;
  #onInvalidation: (news: Invalidation) => void = () => {};
  #lastNumber = 0;
  #nodes = 1;
  readonly #began = performance.now();
  /** State of the last log line. The initial `joined` is not logged. */
  #said: ClusterState = 'joined';

  constructor(options: RedisOptions) {
    this.#options = { lease: usualLease, ...options };
    const { url, name, lease } = this.#options;
    this.#prefix = `{tintype ${name}}:`;
    this.#membership = new SyncTracker(lease);
    this.#connection = new RedisConnection({
      url,
      timeout: lease,
      channels: [this.#key('news'), this.#leaseKey(this.#node)],
      onMessage: (text) => this.#received(text),
      onDisconnect: () => this.#membership.end(),
    });
    this.#beating = setInterval(() => void this.#beat(), lease / 4).unref();
    void this.#beat();
  }

  get state(): ClusterState {
    return this.isInSync(performance.now()) ? 'joined' : 'disconnected';
  }

  get nodes(): number {
    return this.state === 'joined' ? this.#nodes : 1;
  }

  listen(hear: (news: Invalidation) => void): void {
    this.#onInvalidation = hear;
  }

  isInSync(since: number): boolean {
    return this.#membership.isInSyncSince(since);
  }

  async publish({ ids = [], everything = false }: Partial<Invalidation>): Promise<number> {
    const { bound } = this.#options;
    const began = performance.now();
    this.#lastNumber += 1;
    const nth = this.#lastNumber;
    const heard = new Set<string>();
    const waiting = new Map<string, () => void>();
    this.#telling.set(nth, (node) => {
      heard.add(node);
      waiting.get(node)?.();
    });
    try {
      const message = {
        kind: 'news' as const,
        from: this.#node,
        nth,
        news: { ids: [...ids], everything },
      } satisfies Unversioned<Message>;
      const [settled, nodes] = await this.#publish(message);
      const others = [...nodes].filter(([node]) => node !== this.#node && !heard.has(node));
      const either = ([node, left]: readonly [string, number]) =>
        new Promise<void>((resolve) => {
          // A node of another version does not acknowledge, and trusts what it read for as long as `bound`.
          const late = setTimeout(resolve, Math.max(left, bound + clockTolerance));
          waiting.set(node, () => resolve(clearTimeout(late)));
        });
      await Promise.all([...others.map(either), pause(settled)]);
    } catch {
      await pause(bound + clockTolerance - (performance.now() - began));
    } finally {
      this.#telling.delete(nth);
    }
    heard.delete(this.#node);
    return heard.size;
  }

  async acquire(names: readonly string[], deadline: number): Promise<Lease | null> {
    const asked = performance.now();
    if (!this.isInSync(asked)) return this.#alone.acquire(names, deadline);
    const keys = names.map((name) => this.#key(`making:${name}`));
    try {
      const words = [this.#node, String(deadline), this.#leaseKey('')];
      const answer = await this.#connection.run(scripts.acquireScript, [this.#key('fence'), ...keys], words);
      if (!Array.isArray(answer)) return null;
      const [fence, repeated] = answer.map(String);
      return {
        fence: Number(fence),
        isRepeated: repeated === '1',
        isHeld: () => this.isInSync(asked) && performance.now() < asked + deadline,
        release: () => this.#release(names, `${this.#node} ${fence}`),
      };
    } catch {
      return this.#alone.acquire(names, deadline);
    }
  }

  waitForRelease(names: readonly string[], patience: number, signal: AbortSignal | null): Promise<void> {
    return this.#alone.waitForRelease(names, patience, signal);
  }

  async charge(accounts: readonly string[], amount: number, perMinute: number): Promise<ExhaustedAccount | null> {
    try {
      const keys = accounts.map((account) => this.#key(`account:${account}`));
      const answer = await this.#connection.run(scripts.chargeScript, keys, [String(amount), String(perMinute)]);
      if (!Array.isArray(answer)) return null;
      return { account: accounts[Number(answer[0]) - 1] ?? '', left: Number(answer[1]) };
    } catch {
      return this.#alone.charge(accounts, amount, perMinute);
    }
  }

  async settle(accounts: readonly string[], amount: number, perMinute: number): Promise<void> {
    try {
      const keys = accounts.map((account) => this.#key(`account:${account}`));
      await this.#connection.run(scripts.chargeScript, keys, [String(amount), String(perMinute), 'settle']);
    } catch {
      await this.#alone.settle(accounts, amount, perMinute);
    }
  }

  async count(name: string, window: number): Promise<number> {
    try {
      return Number(await this.#connection.run(scripts.countScript, [this.#key(`count:${name}`)], [String(window)]));
    } catch {
      return this.#alone.count(name, window);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#beating);
    const keys = [this.#leaseKey(this.#node), this.#key('nodes')];
    await this.#connection.run(scripts.leaveScript, keys, [this.#node]).catch(() => {});
    this.#membership.end();
    this.#connection.close();
  }

  #key(name: string): string {
    return this.#prefix + name;
  }

  /** Also the channel of messages to this node. */
  #leaseKey(node: string): string {
    return this.#key(`node:${node}`);
  }

  /** Renews the lease only while subscribed: publishers must not wait for a node that receives nothing. */
  async #beat(): Promise<void> {
    this.#logState();
    if (!this.#connection.isSubscribed) return;
    const keys = [this.#leaseKey(this.#node), this.#key('nodes'), this.#key('since')];
    const words = [this.#node, String(this.#options.lease), String(this.#membership.beat())];
    const nodes = await this.#connection.run(scripts.beatScript, keys, words).catch(() => 1);
    this.#nodes = Number(nodes);
  }

  #logState(): void {
    const { state } = this;
    const isBeginning = performance.now() < this.#began + this.#options.lease;
    if (state === this.#said || isBeginning) return;
    this.#said = state;
    const sentence =
      state === 'joined'
        ? 'Connected to the other nodes'
        : 'Disconnected from the other nodes; each change takes longer to publish';
    this.#options.report(sentence, null);
  }

  #received(text: string): void {
    const beat = Number(text);
    if (Number.isInteger(beat)) return this.#membership.received(beat);
    const message = readMessage(text);
    if (message === null) this.#options.onUnreadable();
    if (message?.kind === 'freed') this.#alone.announce(message.names);
    else if (message?.kind === 'heard') this.#telling.get(message.nth)?.(message.from);
    else if (message?.kind === 'news' && message.from !== this.#node) {
      this.#onInvalidation(message.news);
      this.#acknowledge(message.from, message.nth);
    }
  }

  #acknowledge(teller: string, nth: number): void {
    const message = writeMessage({ kind: 'heard', from: this.#node, nth });
    const publish = `redis.call('PUBLISH', KEYS[1], ARGV[1])`;
    // If the confirmation is lost, the publisher waits until the lease of this node ends.
    this.#connection.run(publish, [this.#leaseKey(teller)], [message]).catch(() => {});
  }

  async #publish(
    message: Unversioned<Message>,
  ): Promise<readonly [settled: number, nodes: ReadonlyMap<string, number>]> {
    const keys = [this.#key('nodes'), this.#key('news'), this.#key('since')];
    const words = [this.#leaseKey(''), String(this.#options.lease), writeMessage(message)];
    const answer = await this.#connection.run(scripts.publishScript, keys, words);
    const [settled = 0, ...rest] = Array.isArray(answer) ? answer : [];
    const nodes = new Map<string, number>();
    for (let at = 0; at < rest.length; at += 2) nodes.set(String(rest[at]), Number(rest[at + 1]));
    return [Number(settled), nodes];
  }

  async #release(names: readonly string[], held: string): Promise<void> {
    const message = writeMessage({ kind: 'freed', names: [...names] });
    const keys = [this.#key('news'), ...names.map((name) => this.#key(`making:${name}`))];
    await this.#connection.run(scripts.releaseScript, keys, [held, message]).catch(() => {});
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

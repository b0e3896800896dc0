import { LRUCache } from 'lru-cache';
import type { Cluster, ExhaustedAccount, Lease } from './cluster.ts';

const minute = 60_000;
/** Maximum number of accounts and of counts in memory. An evicted one starts anew. */
const maxRemembered = 20_000;

interface Account {
  left: number;
  /** Time of `left`, in milliseconds of the monotonic clock. */
  at: number;
}

/** Cluster of a single node, all in memory. Also the fallback while Redis is unreachable. */
export class LocalCluster implements Cluster {
  readonly state = 'single';
  readonly nodes = 1;
  /** Leases by name; `until` in milliseconds of the monotonic clock. */
  readonly #taken = new Map<string, { readonly fence: number; readonly until: number }>();
  readonly #waiting = new Set<(names: readonly string[]) => void>();
  readonly #accounts = new LRUCache<string, Account>({ max: maxRemembered });
  readonly #counts = new LRUCache<string, { times: number; readonly since: number }>({ max: maxRemembered });
  #fence = 0;

  /** Does nothing: there are no other nodes. */
  listen(): void {}

  isInSync(): boolean {
    return true;
  }

  async publish(): Promise<number> {
    return 0;
  }

  async acquire(names: readonly string[], deadline: number): Promise<Lease | null> {
    const now = performance.now();
    if (names.some((name) => (this.#taken.get(name)?.until ?? 0) > now)) return null;
    const fence = ++this.#fence;
    for (const name of names) this.#taken.set(name, { fence, until: now + deadline });
    const isOurs = (name: string) => this.#taken.get(name)?.fence === fence;
    const release = async () => {
      const ours = names.filter(isOurs);
      for (const name of ours) this.#taken.delete(name);
      this.announce(ours);
    };
    return { fence, isRepeated: false, isHeld: () => names.every(isOurs), release };
  }

  waitForRelease(names: readonly string[], patience: number, signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(late);
        signal?.removeEventListener('abort', end);
        this.#waiting.delete(onMessage);
        resolve();
      };
      const onMessage = (freed: readonly string[]) => {
        if (freed.some((name) => names.includes(name))) end();
      };
      const late = setTimeout(end, patience);
      signal?.addEventListener('abort', end, { once: true });
      this.#waiting.add(onMessage);
      if (signal?.aborted === true) end();
    });
  }

  /** Wakes all callers that wait for one of the names. */
  announce(names: readonly string[]): void {
    for (const onMessage of this.#waiting) onMessage(names);
  }

  async charge(names: readonly string[], amount: number, perMinute: number): Promise<ExhaustedAccount | null> {
    const accounts = names.map((name) => ({ name, account: this.#account(name, perMinute) }));
    const empty = accounts.find(({ account }) => account.left <= 0);
    if (empty !== undefined) return { account: empty.name, left: empty.account.left };
    for (const { account } of accounts) account.left -= amount;
    return null;
  }

  async settle(names: readonly string[], amount: number, perMinute: number): Promise<void> {
    for (const name of names) this.#account(name, perMinute).left -= amount;
  }

  async count(name: string, window: number): Promise<number> {
    const now = performance.now();
    const known = this.#counts.get(name);
    const isRunning = known !== undefined && now - known.since < window;
    const count = isRunning ? known : { times: 0, since: now };
    count.times += 1;
    this.#counts.set(name, count);
    return count.times;
  }

  async close(): Promise<void> {}

  #account(name: string, perMinute: number): Account {
    const now = performance.now();
    const known = this.#accounts.get(name) ?? { left: perMinute, at: now };
    known.left = Math.min(perMinute, known.left + ((now - known.at) / minute) * perMinute);
    known.at = now;
    this.#accounts.set(name, known);
    return known;
  }
}

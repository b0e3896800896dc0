import type { Cluster, Lease } from '../../cluster/cluster.ts';
import { Failure } from '../../errors.ts';
import type { WriteBehind } from './write-behind.ts';

export interface RenderLeasesOptions {
  readonly cluster: Cluster;
  readonly writeBehind: WriteBehind;
  /** Milliseconds after which another node does not wait any more for what this one makes. */
  readonly deadline: number;
}

export interface RenderAttempt<T> {
  /** What was made meanwhile, or null. */
  readonly find: (name: string) => Promise<T | null>;
  /** Makes these, in this order. */
  readonly make: (names: readonly string[]) => Promise<readonly T[]>;
  readonly signal: AbortSignal | null;
}

/** How often to look whether a node that never said so is done or gone, in milliseconds. */
const lookEvery = 250;

/** Sees to it that of many nodes one makes a variant; the others wait until it is in the bucket, or make it after the deadline. */
export class RenderLeases {
  readonly #parts: RenderLeasesOptions;
  readonly #leases = new Map<string, Lease>();

  constructor(parts: RenderLeasesOptions) {
    this.#parts = parts;
  }

  /** Throws what making throws, and `abandoned` once the signal says that nobody waits any more. */
  async once<T>(names: readonly string[], attempt: RenderAttempt<T>): Promise<readonly T[]> {
    const { cluster, deadline } = this.#parts;
    if (cluster.state !== 'joined') return attempt.make(names);
    const found = new Map<string, T>();
    for (;;) {
      const missing = names.filter((name) => !found.has(name));
      if (missing.length === 0) break;
      const lease = await cluster.acquire(missing, deadline);
      if (lease === null) await this.#wait(missing, attempt.signal);
      if (lease === null || lease.isRepeated) await findStored(missing, found, attempt);
      if (lease !== null) await this.#make(missing, { ...attempt, lease, found });
    }
    return names.flatMap((name) => found.get(name) ?? []);
  }

  /** False where another node may be making the same by now. */
  mayKeep(name: string): boolean {
    return this.#leases.get(name)?.isHeld() ?? true;
  }

  async #wait(names: readonly string[], signal: AbortSignal | null): Promise<void> {
    await this.#parts.cluster.waitForRelease(names, lookEvery, signal);
    if (signal?.aborted === true) throw new Failure('abandoned', 'Nobody waits for this picture any more');
  }

  /** The names are free again once the variants are saved, so that whoever waits finds them; or once they were not made. */
  async #make<T>(
    names: readonly string[],
    { make, lease, found }: RenderAttempt<T> & { readonly lease: Lease; readonly found: Map<string, T> },
  ): Promise<void> {
    const left = names.filter((name) => !found.has(name));
    for (const name of left) this.#leases.set(name, lease);
    try {
      const made = left.length === 0 ? [] : await make(left);
      for (const [index, name] of left.entries()) {
        const one = made[index];
        if (one === undefined) throw new TypeError('Expected a rendering for a plan');
        found.set(name, one);
      }
    } finally {
      for (const name of left) if (this.#leases.get(name) === lease) this.#leases.delete(name);
      void Promise.all(left.map((name) => this.#parts.writeBehind.settled(name))).then(() => lease.release());
    }
  }
}

async function findStored<T>(
  names: readonly string[],
  found: Map<string, T>,
  { find }: RenderAttempt<T>,
): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const one = await find(name);
      if (one !== null) found.set(name, one);
    }),
  );
}

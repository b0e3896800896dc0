import { LRUCache } from 'lru-cache';
import { bucketTimeout, withStoreTimeout } from '../../concurrency/store-timeout.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import { allPages } from '../pages.ts';

/** Milliseconds that a count is trusted: other nodes save too, and a sweep deletes. */
const maxAge = 60_000;

interface Count {
  /** Variants in the bucket; null while they are being counted. */
  kept: number | null;
  readonly counted: Promise<void>;
}

/** How many variants of one version are kept in the bucket; further ones are rendered each time. */
export class VariantCap {
  readonly #bucket: BlobStore;
  readonly #max: number;
  readonly #counts = new LRUCache<string, Count>({ max: 10_000, ttl: maxAge });

  constructor(bucket: BlobStore, max: number) {
    this.#bucket = bucket;
    this.#max = max;
  }

  /** Whether all places under a prefix are known to be taken, without asking the bucket. */
  isFull(prefix: string): boolean {
    const kept = this.#counts.get(prefix)?.kept ?? 0;
    return kept >= this.#max;
  }

  /**
   * Takes a place among the variants under a prefix; false where all are taken. A bucket that does not answer has room.
   * The first call lists the bucket, which may take seconds: no reply waits for this.
   */
  async take(prefix: string): Promise<boolean> {
    const count = this.#counts.get(prefix) ?? this.#begin(prefix);
    await count.counted;
    if (count.kept === null || count.kept >= this.#max) return false;
    count.kept += 1;
    return true;
  }

  #begin(prefix: string): Count {
    const kept = withStoreTimeout(bucketTimeout, this.#countAll(prefix)).catch(() => 0);
    const count: Count = {
      kept: null,
      counted: kept.then((found) => {
        count.kept = found;
      }),
    };
    this.#counts.set(prefix, count);
    return count;
  }

  async #countAll(prefix: string): Promise<number> {
    let kept = 0;
    for await (const entries of allPages(this.#bucket, prefix)) {
      kept += entries.length;
      if (kept >= this.#max) break;
    }
    return kept;
  }
}

import { LRUCache } from 'lru-cache';
import type { BlobStore } from '../store/blob-store.ts';
import { pages } from './pages.ts';
import { bucketPatience, within } from './patience.ts';

/** Milliseconds that a count is believed: other nodes save too, and a sweep takes away. */
const believed = 60_000;

/** How many variants of one version are kept in the bucket; what is above is made each time. */
export class VariantCap {
  readonly #bucket: BlobStore;
  readonly #most: number;
  readonly #counts = new LRUCache<string, { kept: number }>({ max: 10_000, ttl: believed });

  constructor(bucket: BlobStore, most: number) {
    this.#bucket = bucket;
    this.#most = most;
  }

  /** Takes a place among the variants under a prefix; false where all are taken. A bucket that does not answer has room. */
  async take(prefix: string): Promise<boolean> {
    const known = this.#counts.get(prefix) ?? { kept: await this.#count(prefix) };
    // Somebody else may have counted meanwhile.
    const count = this.#counts.get(prefix) ?? known;
    if (count === known) this.#counts.set(prefix, count);
    if (count.kept >= this.#most) return false;
    count.kept += 1;
    return true;
  }

  /** Somebody waits for the answer meanwhile. */
  #count(prefix: string): Promise<number> {
    return within(bucketPatience, this.#countAll(prefix)).catch(() => 0);
  }

  async #countAll(prefix: string): Promise<number> {
    let kept = 0;
    for await (const entries of pages(this.#bucket, prefix)) {
      kept += entries.length;
      if (kept >= this.#most) break;
    }
    return kept;
  }
}

import type { Report } from '../../observability/report.ts';
import type { BlobEntry, BlobStore } from '../../store/blob-store.ts';
import type { ObjectCount } from '../object-count.ts';
import { allPages } from '../pages.ts';
import { variantsFolder } from '../storage-keys.ts';

export interface DiskQuotaOptions {
  /** The derived bucket. */
  readonly bucket: BlobStore;
  /** Most bytes of stored variants. */
  readonly most: number;
  /** Longest time without being served, in milliseconds; null: any. */
  readonly idle: number | null;
  readonly report: Report;
}

/** Served variants that are remembered until the store is told; more of them look as if they were idle. */
const maxServed = 100_000;
const minute = 60_000;
/** Down to this share of the most, so that not every save finds it full. */
const roomy = 0.9;

/**
 * How much the variants of a folder take, and which of them were served least recently: those go first. Hits are remembered
 * here and told to the store in one go, before anybody asks what is idle.
 */
export class DiskQuota {
  readonly #options: DiskQuotaOptions;
  readonly #served = new Set<string>();
  readonly #watches: boolean;
  #used = 0;
  #trimming: Promise<ObjectCount> | null = null;

  constructor(options: DiskQuotaOptions) {
    this.#options = options;
    this.#watches = Number.isFinite(options.most) || options.idle !== null;
  }

  /** As was found by whoever has walked them all. */
  get used(): number {
    return this.#used;
  }

  set used(bytes: number) {
    this.#used = bytes;
  }

  get isFull(): boolean {
    return this.#used > this.#options.most * roomy;
  }

  markServed(key: string): void {
    if (this.#watches && this.#served.size < maxServed) this.#served.add(key);
  }

  /** False where it is full: then a variant is answered, but not stored, until there is room again. */
  reserve(bytes: number): boolean {
    if (this.#used + bytes <= this.#options.most) {
      this.#used += bytes;
      return true;
    }
    if (bytes <= this.#options.most) {
      void this.trim(false, bytes).catch((cause: unknown) =>
        this.#options.report('Room for variants could not be made', cause),
      );
    }
    return false;
  }

  /** Tells the store what was served since the last time. */
  async settle(): Promise<void> {
    const served = [...this.#served];
    this.#served.clear();
    if (served.length > 0) await this.#options.bucket.touch(served);
  }

  isIdle({ modified }: BlobEntry, now: number): boolean {
    const { idle } = this.#options;
    return idle !== null && now - modified > idle;
  }

  /**
   * Takes away what was served least recently where there is too much, or too much for so many bytes more. One at a time:
   * others share its outcome.
   */
  trim(dryRun: boolean, more = 0): Promise<ObjectCount> {
    this.#trimming ??= this.#trim(dryRun, Math.min(this.#options.most * roomy, this.#options.most - more)).finally(
      () => {
        this.#trimming = null;
      },
    );
    return this.#trimming;
  }

  /** Two walks and a count a minute instead of a list of everything in memory. */
  async #trim(dryRun: boolean, target: number): Promise<ObjectCount> {
    const { bucket, most } = this.#options;
    let [objects, bytes] = [0, 0];
    if (!Number.isFinite(most)) return { objects, bytes };
    await this.settle();
    const { total, last } = cutoff(await this.#byMinute(), target);
    this.#used = total;
    if (last === null) return { objects, bytes };
    for await (const entries of allPages(bucket, variantsFolder)) {
      const idle = entries.filter((entry) => {
        const isNext = minuteOf(entry) < last || (minuteOf(entry) === last && total - bytes > target);
        if (isNext) [objects, bytes] = [objects + 1, bytes + entry.bytes];
        return isNext;
      });
      if (!dryRun && idle.length > 0) await bucket.delete(idle.map(({ key }) => key));
    }
    if (!dryRun) this.#used = total - bytes;
    return { objects, bytes };
  }

  async #byMinute(): Promise<ReadonlyMap<number, number>> {
    const sums = new Map<number, number>();
    for await (const entries of allPages(this.#options.bucket, variantsFolder)) {
      for (const entry of entries) sums.set(minuteOf(entry), (sums.get(minuteOf(entry)) ?? 0) + entry.bytes);
    }
    return sums;
  }
}

const minuteOf = ({ modified }: BlobEntry) => Math.floor(modified / minute);

/** How much there is, and the last minute of which something has to go; null where nothing has. */
function cutoff(
  sums: ReadonlyMap<number, number>,
  target: number,
): { readonly total: number; readonly last: number | null } {
  const total = [...sums.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (total <= target) return { total, last: null };
  let left = total;
  for (const [at, bytes] of [...sums].sort(([a], [b]) => a - b)) {
    left -= bytes;
    if (left <= target) return { total, last: at };
  }
  return { total, last: null };
}

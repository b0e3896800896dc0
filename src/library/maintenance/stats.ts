import * as v from 'valibot';
import { Failure } from '../../errors.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { ObjectCount } from '../object-count.ts';
import type { Original } from '../original.ts';
import type { SourceListing } from '../originals/source-listing.ts';
import { readIndexEntry, timeIndex } from '../storage-keys.ts';

type Counted = { readonly count: number; readonly bytes: number };

/** How much there is, as of the last sweep. */
export type Stats = {
  /** ISO 8601 UTC; null where there was no sweep yet. */
  readonly asOf: string | null;
  readonly originals: {
    readonly count: number;
    readonly bytes: number;
    readonly oldest: string | null;
    readonly newest: string | null;
    /** By format, only those there are. */
    readonly formats: Readonly<Record<string, { readonly count: number; readonly bytes: number }>>;
  };
  readonly variants: { readonly count: number; readonly bytes: number };
  /** What lies in the source, asked for or not; null where there is none that can be listed. */
  readonly source: Counted | null;
};

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const counted = { count, bytes: count };
const time = v.nullable(v.pipe(v.string(), v.isoTimestamp()));
const storedStats = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    asOf: time,
    originals: v.object({
      ...counted,
      oldest: time,
      newest: time,
      formats: v.record(v.string(), v.object(counted)),
    }),
    variants: v.object(counted),
    // Earlier versions did not count the source.
    source: v.optional(v.nullable(v.object(counted)), null),
  }),
);

const statsKey = 'stats.json';

const unknown: Stats = {
  asOf: null,
  originals: { count: 0, bytes: 0, oldest: null, newest: null, formats: {} },
  variants: { count: 0, bytes: 0 },
  source: null,
};

/** Adds originals up, one look at each. */
export class StatsTally {
  readonly #formats = new Map<string, { readonly count: number; readonly bytes: number }>();

  add({ facts, bytes }: Original): void {
    this.#change(facts.format, 1, bytes);
  }

  remove({ facts, bytes }: Original): void {
    this.#change(facts.format, -1, -bytes);
  }

  get formats(): Stats['originals']['formats'] {
    return Object.fromEntries([...this.#formats].filter(([, { count }]) => count > 0));
  }

  get count(): number {
    return this.#sum(({ count }) => count);
  }

  get bytes(): number {
    return this.#sum(({ bytes }) => bytes);
  }

  #sum(of: (entry: { readonly count: number; readonly bytes: number }) => number): number {
    return [...this.#formats.values()].reduce((sum, entry) => sum + of(entry), 0);
  }

  #change(format: string, count: number, bytes: number): void {
    const before = this.#formats.get(format) ?? { count: 0, bytes: 0 };
    this.#formats.set(format, { count: before.count + count, bytes: before.bytes + bytes });
  }
}

/** The figures of the last sweep, kept in the store so that every node reports the same. */
export class StatsStore {
  readonly #store: BlobStore;
  readonly #source: Pick<SourceListing, 'count'> | null;

  constructor(store: BlobStore, source: Pick<SourceListing, 'count'> | null = null) {
    this.#store = store;
    this.#source = source;
  }

  async read(): Promise<Stats> {
    const blob = await this.#store.get(statsKey);
    if (blob === null) return unknown;
    const read = v.safeParse(storedStats, new TextDecoder().decode(blob.bytes));
    return read.success ? read.output : unknown;
  }

  async write(tally: StatsTally, variants: ObjectCount, now: number): Promise<void> {
    const { count, bytes, formats } = tally;
    const [newest, oldest] = await this.#ends();
    const stats: Stats = {
      asOf: new Date(now).toISOString(),
      originals: { count, bytes, oldest, newest, formats },
      variants: { count: variants.objects, bytes: variants.bytes },
      source: await this.#countSource(),
    };
    await this.#store.put(statsKey, new TextEncoder().encode(JSON.stringify(stats)));
  }

  /** A source that does not answer must not keep the other figures from being written. */
  async #countSource(): Promise<Counted | null> {
    try {
      const found = (await this.#source?.count()) ?? null;
      return found === null ? null : { count: found.objects, bytes: found.bytes };
    } catch (thrown) {
      if (thrown instanceof Failure) return null;
      throw thrown;
    }
  }

  /** The index by time goes from the newest to the oldest. */
  async #ends(): Promise<readonly [newest: string | null, oldest: string | null]> {
    let first: string | null = null;
    let last: string | null = null;
    let after: string | null = '';
    while (after !== null) {
      const page = await this.#store.list(timeIndex, { after, limit: 1000 });
      first ??= timeOf(page.entries[0]?.key);
      last = timeOf(page.entries.at(-1)?.key) ?? last;
      after = page.next;
    }
    return [first, last];
  }
}

function timeOf(key: string | undefined): string | null {
  const time = key === undefined ? null : (readIndexEntry(key)?.time ?? null);
  return time === null ? null : new Date(time).toISOString();
}

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { BlobStore } from '../../store/blob-store.ts';

const sweepRecordKey = 'sweep.json';

/** A moment in the past, and how long ago it is at least. */
export interface Moment {
  readonly id: string;
  /** Milliseconds since 1970, by the clock that sweeps go by. */
  readonly at: number;
  /** Milliseconds that nodes have counted since then by their monotonic clocks: never more than have passed. */
  readonly uptime: number;
}

/** What one sweep leaves to the next, on whichever node that runs. */
export interface SweepRecord {
  /** The last sweep whose clock was trusted. */
  readonly trusted: Moment;
  /** The first sweep since the clock jumped; null while it is trusted. */
  readonly doubted: Moment | null;
  /** What a sweep found to be waste, as digests; null where none did. */
  readonly marks: (Moment & { readonly digests: readonly string[] }) | null;
}

const finite = v.pipe(v.number(), v.finite());
const moment = { id: v.string(), at: finite, uptime: finite };
const storedRecord = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    trusted: v.object(moment),
    doubted: v.nullable(v.object(moment)),
    marks: v.nullable(v.object({ ...moment, digests: v.array(v.string()) })),
  }),
);

export const momentAt = (at: number): Moment => ({ id: randomUUID(), at, uptime: 0 });

/** Null where there is none, or none that can be read. */
export async function readSweepRecord(store: BlobStore): Promise<SweepRecord | null> {
  const blob = await store.get(sweepRecordKey);
  if (blob === null) return null;
  const read = v.safeParse(storedRecord, new TextDecoder().decode(blob.bytes));
  return read.success ? read.output : null;
}

export async function writeSweepRecord(store: BlobStore, record: SweepRecord): Promise<void> {
  await store.put(sweepRecordKey, new TextEncoder().encode(JSON.stringify(record)));
}

/** Counts the uptime since moments: what the record says plus what this process has seen pass since it read it. */
export class UptimeLedger {
  readonly #known = new Map<string, { readonly uptime: number; readonly since: number }>();

  /** Milliseconds. */
  of({ id, uptime }: Moment): number {
    const now = performance.now();
    const known = this.#known.get(id);
    const counted = Math.max(uptime, known === undefined ? 0 : known.uptime + now - known.since);
    this.#known.set(id, { uptime: counted, since: now });
    return counted;
  }

  /** Forgets all but these. */
  keep(moments: readonly (Moment | null)[]): void {
    const ids = new Set(moments.map((moment) => moment?.id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }
}

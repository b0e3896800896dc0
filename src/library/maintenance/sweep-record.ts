import { randomUUID } from 'node:crypto';
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

export const momentAt = (at: number): Moment => ({ id: randomUUID(), at, uptime: 0 });

/** Null where there is none, or none that can be read. */
export async function readSweepRecord(store: BlobStore): Promise<SweepRecord | null> {
  const blob = await store.get(sweepRecordKey);
  if (blob === null) return null;
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(blob.bytes));
    return isRecord(read) ? read : null;
  } catch {
    return null;
  }
}

export async function writeSweepRecord(store: BlobStore, record: SweepRecord): Promise<void> {
  await store.put(sweepRecordKey, new TextEncoder().encode(JSON.stringify(record)));
}

function isRecord(read: unknown): read is SweepRecord {
  if (typeof read !== 'object' || read === null) return false;
  if (!('trusted' in read && 'doubted' in read && 'marks' in read)) return false;
  const { trusted, doubted, marks } = read;
  const areMarks = isMoment(marks) && 'digests' in marks && Array.isArray(marks.digests);
  return isMoment(trusted) && (doubted === null || isMoment(doubted)) && (marks === null || areMarks);
}

function isMoment(read: unknown): read is Moment {
  if (typeof read !== 'object' || read === null || !('id' in read && 'at' in read && 'uptime' in read)) return false;
  return typeof read.id === 'string' && Number.isFinite(read.at) && Number.isFinite(read.uptime);
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

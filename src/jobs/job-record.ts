import { randomBytes } from 'node:crypto';
import { Failure, failures } from '../errors.ts';
import { type Job, jobIdPattern, mostTries, type NewJob } from './job-queue.ts';

/** A job as it is kept. Times in milliseconds since 1970. */
export interface JobRecord extends Job {
  /** Tries begun so far. */
  readonly tries: number;
  readonly notBefore: number;
  /** Who works on it, and until when others leave it alone; null while nobody does. */
  readonly lease: { readonly owner: string; readonly until: number } | null;
}

export const recordPrefix = 'j/all/';
export const recordKey = (id: string) => `${recordPrefix}${id}.json`;
export const idOfRecord = (key: string) => key.slice(recordPrefix.length, -'.json'.length);

/** Markers of jobs that have not ended: names alone tell a starting process what is left to do. */
export const openPrefix = 'j/open/';
export const openKey = (id: string) => openPrefix + id;
export const idOfMarker = (key: string) => key.slice(openPrefix.length);

/** Ids sort by time, so what came first is listed, and done, first. */
function mintId(now: number): string {
  return `${now.toString(16).padStart(12, '0')}-${randomBytes(8).toString('hex')}`;
}

export function newRecord({ id, kind, input }: NewJob, now: number): JobRecord {
  const named = id ?? mintId(now);
  if (!jobIdPattern.test(named)) throw new TypeError(`Expected an id of a job but received ${JSON.stringify(named)}`);
  const createdAt = new Date(now).toISOString();
  const fresh = {
    status: 'pending',
    progress: 0,
    results: [],
    error: null,
    tries: 0,
    notBefore: now,
    lease: null,
  } as const;
  return { id: named, kind, input, createdAt, ...fresh };
}

export function writeRecord(record: JobRecord): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(record));
}

/** Null where the bytes are none of ours. */
export function readRecord(bytes: Uint8Array, id: string): JobRecord | null {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(read, id) ? read : null;
  } catch {
    return null;
  }
}

/** We write it whole or not at all, so what names the right id and counts its tries is ours. */
function isRecord(read: unknown, id: string): read is JobRecord {
  if (typeof read !== 'object' || read === null) return false;
  const fields = new Map<string, unknown>(Object.entries(read));
  return fields.get('id') === id && typeof fields.get('tries') === 'number' && typeof fields.get('kind') === 'string';
}

export function jobOf({ id, kind, input, status, progress, results, error, createdAt }: JobRecord): Job {
  return { id, kind, input, status, progress, results, error, createdAt };
}

export const hasEnded = ({ status }: Job): boolean => status === 'complete' || status === 'failed';

/** What a try that threw makes of its job: another try after 1, 5, 25, 125 pauses, or its end. */
export function afterTrouble(
  record: JobRecord,
  thrown: unknown,
  { now, pause }: { now: number; pause: number },
): JobRecord {
  const isVerdict = thrown instanceof Failure && failures[thrown.kind].status < 500;
  const error = thrown instanceof Failure ? thrown.message : 'Something went wrong that nobody foresaw';
  if (isVerdict || record.tries >= mostTries) return { ...record, status: 'failed', error, lease: null };
  return { ...record, status: 'pending', notBefore: now + pause * 5 ** (record.tries - 1), lease: null };
}

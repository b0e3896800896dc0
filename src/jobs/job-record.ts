import { randomBytes } from 'node:crypto';
import { Failure, failures } from '../errors.ts';
import { type Job, jobIdPattern, maxDeaths, maxTries, type NewJob } from './job-queue.ts';

/** A job as it is kept. Times in milliseconds since 1970. */
export interface JobRecord extends Job {
  /** Tries that threw so far. */
  readonly tries: number;
  /** Processes that died with it in their hands, which may be its fault or not. */
  readonly deaths: number;
  readonly notBefore: number;
  /** Who works on it, and until when others leave it alone; null while nobody does. */
  readonly lease: { readonly owner: string; readonly until: number } | null;
}

export const recordPrefix = 'j/all/';
export const jobRecordKey = (id: string) => `${recordPrefix}${id}.json`;
export const idOfRecord = (key: string) => key.slice(recordPrefix.length, -'.json'.length);

/** Markers of jobs that have not ended: names alone tell a starting process what is left to do. */
export const openPrefix = 'j/open/';
export const openKey = (id: string) => openPrefix + id;
export const idOfIndexEntry = (key: string) => key.slice(openPrefix.length);

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
    deaths: 0,
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

interface Times {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds before the second try. */
  readonly pause: number;
}

/** What a try that threw makes of its job: another try after 1, 5, 25, 125 pauses, or its end. */
export function afterFailure(record: JobRecord, thrown: unknown, { now, pause }: Times): JobRecord {
  const isVerdict = thrown instanceof Failure && failures[thrown.kind].status < 500;
  const error = thrown instanceof Failure ? thrown.message : 'Something went wrong that nobody foresaw';
  const tries = record.tries + 1;
  if (isVerdict || tries >= maxTries) return { ...record, tries, status: 'failed', error, lease: null };
  return { ...record, tries, status: 'pending', notBefore: now + pause * 5 ** (tries - 1), lease: null };
}

/**
 * What a process that died makes of a job it had: after the first death it goes on at once, later after growing pauses
 * of random length, so that a job that kills is not always there together with the same others.
 */
export function afterDeath(record: JobRecord, { now, pause }: Times): JobRecord {
  const deaths = record.deaths + 1;
  if (deaths >= maxDeaths) {
    const error = `Its process died, ${maxDeaths} times`;
    return { ...record, deaths, status: 'failed', error, lease: null };
  }
  const notBefore = now + Math.random() * pause * (2 ** (deaths - 1) - 1);
  return { ...record, deaths, status: 'pending', notBefore, lease: null };
}

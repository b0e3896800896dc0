import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { Failure, failures } from '../errors.ts';
import { type Job, type Json, jobIdPattern, maxDeaths, maxTries, type NewJob } from './job-queue.ts';

/** Stored form of a job. Times in milliseconds since 1970. */
export interface JobRecord extends Job {
  /** Number of tries that threw. */
  readonly tries: number;
  /** Number of processes that died while they ran it, whatever the cause. */
  readonly deaths: number;
  readonly notBefore: number;
  /** Owner of the job, and the time until which others leave it alone; null if free. */
  readonly lease: { readonly owner: string; readonly until: number } | null;
}

export const recordPrefix = 'j/all/';
export const jobRecordKey = (id: string) => `${recordPrefix}${id}.json`;
export const idOfRecord = (key: string) => key.slice(recordPrefix.length, -'.json'.length);

/** Index entries of unfinished jobs. A starting process lists them without reading records. */
export const openPrefix = 'j/open/';
export const openKey = (id: string) => openPrefix + id;
export const idOfIndexEntry = (key: string) => key.slice(openPrefix.length);

/** Ids sort by creation time, so that older jobs are listed and run first. */
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

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const json = v.custom<Json>((value) => value !== undefined);

const recordSchema = v.object({
  id: v.pipe(v.string(), v.regex(jobIdPattern)),
  kind: v.string(),
  input: json,
  status: v.picklist(['pending', 'processing', 'complete', 'failed']),
  progress: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  results: v.array(json),
  error: v.nullable(v.string()),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  tries: count,
  deaths: count,
  notBefore: v.pipe(v.number(), v.finite()),
  lease: v.nullable(v.object({ owner: v.string(), until: v.pipe(v.number(), v.finite()) })),
});
const storedRecord = v.pipe(v.string(), v.parseJson(), recordSchema);

/** Null for a record that is damaged, or of another id. */
export function readRecord(bytes: Uint8Array, id: string): JobRecord | null {
  const read = v.safeParse(storedRecord, new TextDecoder().decode(bytes), { abortEarly: true });
  return read.success && read.output.id === id ? read.output : null;
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

/** Record after a try that threw: pending again after 1, 5, 25 or 125 pauses, or failed. */
export function afterFailure(record: JobRecord, thrown: unknown, { now, pause }: Times): JobRecord {
  const isVerdict = thrown instanceof Failure && failures[thrown.kind].status < 500;
  const error = thrown instanceof Failure ? thrown.message : 'An unexpected error occurred';
  const tries = record.tries + 1;
  if (isVerdict || tries >= maxTries) return { ...record, tries, status: 'failed', error, lease: null };
  return { ...record, tries, status: 'pending', notBefore: now + pause * 5 ** (tries - 1), lease: null };
}

/**
 * Record after the death of the process that ran it: pending again, at once after the first death, later after growing
 * pauses. The pauses are random, so that a job that kills its process does not always run beside the same jobs.
 */
export function afterDeath(record: JobRecord, { now, pause }: Times): JobRecord {
  const deaths = record.deaths + 1;
  if (deaths >= maxDeaths) {
    const error = `The process that ran the job died ${maxDeaths} times`;
    return { ...record, deaths, status: 'failed', error, lease: null };
  }
  const notBefore = now + Math.random() * pause * (2 ** (deaths - 1) - 1);
  return { ...record, deaths, status: 'pending', notBefore, lease: null };
}

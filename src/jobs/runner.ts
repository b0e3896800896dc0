import { randomUUID } from 'node:crypto';
import { Failure } from '../errors.ts';
import type { Job, JobWork } from './job-queue.ts';
import { afterDeath, afterFailure, hasEnded, type JobRecord, jobOf } from './job-record.ts';
import type { JobStore } from './job-store.ts';
import { LeasedJob } from './leased-job.ts';

/** Milliseconds until the next look at a job whose `add` is under way. */
const soon = 1000;

/** Times in milliseconds. */
export interface JobRunnerOptions {
  readonly store: JobStore;
  /** No other process uses this store: leases found at the start belong to a process that died. */
  readonly sole: boolean;
  readonly report: (sentence: string, cause: unknown) => void;
  /** Duration of a lease; renewed three times in it. */
  readonly lease: number;
  /** Pause before the second try. Each later pause is five times the one before. */
  readonly pause: number;
}

/** Runs a job: leases it, calls its handler, stores the outcome and reports its end. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #owner = randomUUID();
  readonly #leased = new Set<LeasedJob>();
  #closed = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Runs a job if it is due. Returns when to try next, in milliseconds since 1970, or null for never. */
  async run(id: string, work: JobWork): Promise<number | null> {
    const { lease, store } = this.#options;
    const now = Date.now();
    const found = await store.read(id);
    if (found === null) return this.#dropStray(id, now);
    const { record, tag } = found;
    if (hasEnded(record)) {
      if ((await store.indexedAt(id)) === null) return null;
      return this.#conclude(record, work);
    }
    const due = this.#dueOf(record, work, now);
    if (due > now) return due;
    const leased = new LeasedJob(store, record, tag);
    const next = this.#taken(record, now);
    if (!(await leased.write(() => next))) return now + lease;
    if (hasEnded(next)) return this.#conclude(next, work);
    return next.lease === null ? next.notBefore : this.#work(leased, work);
  }

  /** Aborts the running jobs and starts no more. */
  releaseAll(): void {
    this.#closed = true;
    for (const leased of this.#leased) leased.release();
  }

  /** The record with a lease of this process, or as its previous owner's death left it if it is not due. */
  #taken(record: JobRecord, now: number): JobRecord {
    const free = record.lease === null ? record : afterDeath(record, { now, pause: this.#options.pause });
    const isOurs = !hasEnded(free) && free.notBefore <= now;
    return isOurs ? { ...free, status: 'processing', lease: this.#leaseFromNow() } : free;
  }

  async #work(leased: LeasedJob, work: JobWork): Promise<number | null> {
    const { lease } = this.#options;
    this.#leased.add(leased);
    if (this.#closed) leased.release();
    const beat = () => leased.write((record) => ({ ...record, lease: this.#leaseFromNow() }));
    const beating = setInterval(() => void beat().catch(() => {}), lease / 3).unref();
    try {
      const next = await this.#try(leased, work).finally(() => clearInterval(beating));
      if (!(await leased.write(() => next))) return Date.now() + lease;
      return hasEnded(next) ? await this.#conclude(next, work) : next.notBefore;
    } finally {
      this.#leased.delete(leased);
    }
  }

  /** When this process may run a job, in milliseconds since 1970. */
  #dueOf({ kind, notBefore, lease }: JobRecord, { handlers }: JobWork, now: number): number {
    if (!Object.hasOwn(handlers, kind)) return now + this.#options.lease;
    if (lease === null) return notBefore;
    return this.#options.sole && lease.owner !== this.#owner ? now : lease.until;
  }

  #leaseFromNow(): JobRecord['lease'] {
    return { owner: this.#owner, until: Date.now() + this.#options.lease };
  }

  /** Calls the handler. Returns the record after this try. */
  async #try(leased: LeasedJob, { handlers }: JobWork): Promise<JobRecord> {
    const { signal, record } = leased;
    const tell = async (progress: number, results: Job['results']) => {
      await leased.write((before) => ({ ...before, progress, results, lease: this.#leaseFromNow() }));
    };
    try {
      const results = await handlers[record.kind]?.({ job: jobOf(record), signal, report: tell });
      return { ...leased.record, status: 'complete', progress: 1, results: results ?? [], lease: null };
    } catch (thrown) {
      const now = Date.now();
      // Interrupted: the next process continues with the reported results.
      if (signal.aborted) return { ...leased.record, status: 'pending', notBefore: now, lease: null };
      if (!(thrown instanceof Failure)) this.#options.report('A job failed with an unexpected error', thrown);
      return afterFailure(leased.record, thrown, { now, pause: this.#options.pause });
    }
  }

  /** Calls `ended` before removing the index entry, so that a crash in between repeats the call. */
  async #conclude(record: JobRecord, { ended }: JobWork): Promise<null> {
    await ended(jobOf(record));
    await this.#options.store.removeIndexEntry(record.id);
    return null;
  }

  /** Removes an index entry without a record, unless it is so young that its `add` may still be under way. */
  async #dropStray(id: string, now: number): Promise<number | null> {
    const { lease, store } = this.#options;
    const markedAt = await store.indexedAt(id);
    if (markedAt !== null && now - markedAt <= lease) return now + Math.min(lease, soon);
    await store.removeIndexEntry(id);
    return null;
  }
}

import { randomUUID } from 'node:crypto';
import { Failure } from '../errors.ts';
import type { Job, JobWork } from './job-queue.ts';
import { afterDeath, afterFailure, hasEnded, type JobRecord, jobOf } from './job-record.ts';
import type { JobStore } from './job-store.ts';
import { LeasedJob } from './leased-job.ts';

/** When to look again at what is just being added, in milliseconds. */
const soon = 1000;

/** Times in milliseconds. */
export interface JobRunnerOptions {
  readonly store: JobStore;
  /** Nobody else works on this store: whatever is being worked on at the start was left by a process that died. */
  readonly sole: boolean;
  readonly report: (sentence: string, cause: unknown) => void;
  /** For how long a job belongs to whoever took it; renewed three times in it. */
  readonly lease: number;
  /** Before the second try; before each later one five times as long as before the last. */
  readonly pause: number;
}

/** Does one job at a time of those that are kept: takes it, tries it, keeps what came of it, and tells of its end. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #owner = randomUUID();
  readonly #leased = new Set<LeasedJob>();
  #closed = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Tries it, if that is to be done now. Answers when to look at it next, in milliseconds since 1970, or null for never. */
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

  /** From now on nothing goes on: what is being done is let go of. */
  releaseAll(): void {
    this.#closed = true;
    for (const leased of this.#leased) leased.release();
  }

  /** What a job is that is taken now. */
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

  /** When a job may be taken here, in milliseconds since 1970. */
  #dueOf({ kind, notBefore, lease }: JobRecord, { handlers }: JobWork, now: number): number {
    if (!Object.hasOwn(handlers, kind)) return now + this.#options.lease;
    if (lease === null) return notBefore;
    return this.#options.sole && lease.owner !== this.#owner ? now : lease.until;
  }

  #leaseFromNow(): JobRecord['lease'] {
    return { owner: this.#owner, until: Date.now() + this.#options.lease };
  }

  /** What the job is after this try. */
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
      // Let go in the middle: the next process begins where this one stopped.
      if (signal.aborted) return { ...leased.record, status: 'pending', notBefore: now, lease: null };
      if (!(thrown instanceof Failure)) this.#options.report('A job met with something nobody foresaw', thrown);
      return afterFailure(leased.record, thrown, { now, pause: this.#options.pause });
    }
  }

  /** The end is told before the marker goes: a process that dies in between leaves the marker to the next. */
  async #conclude(record: JobRecord, { ended }: JobWork): Promise<null> {
    await ended(jobOf(record));
    await this.#options.store.removeIndexEntry(record.id);
    return null;
  }

  /** A marker without a record is of an `add` that is under way, or was never answered. */
  async #dropStray(id: string, now: number): Promise<number | null> {
    const { lease, store } = this.#options;
    const markedAt = await store.indexedAt(id);
    if (markedAt !== null && now - markedAt <= lease) return now + Math.min(lease, soon);
    await store.removeIndexEntry(id);
    return null;
  }
}

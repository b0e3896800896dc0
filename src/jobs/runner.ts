import { randomUUID } from 'node:crypto';
import { Failure } from '../errors.ts';
import { HeldJob } from './leased-job.ts';
import type { Job, Work } from './job-queue.ts';
import { afterDeath, afterTrouble, hasEnded, type JobRecord, jobOf } from './job-record.ts';
import type { KeptJobs } from './job-store.ts';

/** When to look again at what is just being added, in milliseconds. */
const soon = 1000;

/** Times in milliseconds. */
export interface DoingOptions {
  readonly kept: KeptJobs;
  /** Nobody else works on this store: whatever is being worked on at the start was left by a process that died. */
  readonly sole: boolean;
  readonly report: (sentence: string, cause: unknown) => void;
  /** For how long a job belongs to whoever took it; renewed three times in it. */
  readonly lease: number;
  /** Before the second try; before each later one five times as long as before the last. */
  readonly pause: number;
}

/** Does one job at a time of those that are kept: takes it, tries it, keeps what came of it, and tells of its end. */
export class Doing {
  readonly #options: DoingOptions;
  readonly #owner = randomUUID();
  readonly #held = new Set<HeldJob>();
  #closed = false;

  constructor(options: DoingOptions) {
    this.#options = options;
  }

  /** Tries it, if that is to be done now. Answers when to look at it next, in milliseconds since 1970, or null for never. */
  async do(id: string, work: Work): Promise<number | null> {
    const { lease, kept } = this.#options;
    const now = Date.now();
    const found = await kept.read(id);
    if (found === null) return this.#dropStray(id, now);
    const { record, tag } = found;
    if (hasEnded(record)) {
      if ((await kept.markedAt(id)) === null) return null;
      return this.#conclude(record, work);
    }
    const due = this.#dueOf(record, work, now);
    if (due > now) return due;
    const held = new HeldJob(kept, record, tag);
    const next = this.#taken(record, now);
    if (!(await held.write(() => next))) return now + lease;
    if (hasEnded(next)) return this.#conclude(next, work);
    return next.lease === null ? next.notBefore : this.#work(held, work);
  }

  /** From now on nothing goes on: what is being done is let go of. */
  letGo(): void {
    this.#closed = true;
    for (const held of this.#held) held.letGo();
  }

  /** What a job is that is taken now. */
  #taken(record: JobRecord, now: number): JobRecord {
    const free = record.lease === null ? record : afterDeath(record, { now, pause: this.#options.pause });
    const isOurs = !hasEnded(free) && free.notBefore <= now;
    return isOurs ? { ...free, status: 'processing', lease: this.#leaseFromNow() } : free;
  }

  async #work(held: HeldJob, work: Work): Promise<number | null> {
    const { lease } = this.#options;
    this.#held.add(held);
    if (this.#closed) held.letGo();
    const beat = () => held.write((record) => ({ ...record, lease: this.#leaseFromNow() }));
    const beating = setInterval(() => void beat().catch(() => {}), lease / 3).unref();
    try {
      const next = await this.#try(held, work).finally(() => clearInterval(beating));
      if (!(await held.write(() => next))) return Date.now() + lease;
      return hasEnded(next) ? await this.#conclude(next, work) : next.notBefore;
    } finally {
      this.#held.delete(held);
    }
  }

  /** When a job may be taken here, in milliseconds since 1970. */
  #dueOf({ kind, notBefore, lease }: JobRecord, { handlers }: Work, now: number): number {
    if (!Object.hasOwn(handlers, kind)) return now + this.#options.lease;
    if (lease === null) return notBefore;
    return this.#options.sole && lease.owner !== this.#owner ? now : lease.until;
  }

  #leaseFromNow(): JobRecord['lease'] {
    return { owner: this.#owner, until: Date.now() + this.#options.lease };
  }

  /** What the job is after this try. */
  async #try(held: HeldJob, { handlers }: Work): Promise<JobRecord> {
    const { signal, record } = held;
    const tell = async (progress: number, results: Job['results']) => {
      await held.write((before) => ({ ...before, progress, results, lease: this.#leaseFromNow() }));
    };
    try {
      const results = await handlers[record.kind]?.({ job: jobOf(record), signal, tell });
      return { ...held.record, status: 'complete', progress: 1, results: results ?? [], lease: null };
    } catch (thrown) {
      const now = Date.now();
      // Let go in the middle: the next process begins where this one stopped.
      if (signal.aborted) return { ...held.record, status: 'pending', notBefore: now, lease: null };
      if (!(thrown instanceof Failure)) this.#options.report('A job met with something nobody foresaw', thrown);
      return afterTrouble(held.record, thrown, { now, pause: this.#options.pause });
    }
  }

  /** The end is told before the marker goes: a process that dies in between leaves the marker to the next. */
  async #conclude(record: JobRecord, { ended }: Work): Promise<null> {
    await ended(jobOf(record));
    await this.#options.kept.unmark(record.id);
    return null;
  }

  /** A marker without a record is of an `add` that is under way, or was never answered. */
  async #dropStray(id: string, now: number): Promise<number | null> {
    const { lease, kept } = this.#options;
    const markedAt = await kept.markedAt(id);
    if (markedAt !== null && now - markedAt <= lease) return now + Math.min(lease, soon);
    await kept.unmark(id);
    return null;
  }
}

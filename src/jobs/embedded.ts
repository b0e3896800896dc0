import { randomUUID } from 'node:crypto';
import { Failure } from '../errors.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { HeldJob } from './held-job.ts';
import { type Job, type JobQueue, jobIdPattern, type NewJob, type Work } from './job-queue.ts';
import { afterDeath, afterTrouble, hasEnded, type JobRecord, jobOf, newRecord } from './job-record.ts';
import { KeptJobs } from './kept-jobs.ts';

/** Times in milliseconds. */
export interface EmbeddedOptions {
  readonly store: BlobStore;
  /** Nobody else works on this store: whatever is being worked on at the start was left by a process that died. */
  readonly sole: boolean;
  /** Jobs done at once. */
  readonly concurrency: number;
  readonly report: (sentence: string, cause: unknown) => void;
  /** For how long a job belongs to whoever took it; renewed three times in it. */
  readonly lease?: number;
  /** Before the second try; before each later one five times as long as before the last. */
  readonly pause?: number;
  /** How often to look for what other processes added or left. */
  readonly poll?: number;
}

const usual = { lease: 30_000, pause: 1000, poll: 5000 };
const cleanEvery = 3_600_000;

/**
 * The queue inside the server, kept in its store. A job is a record `j/all/<id>.json`, taken and changed by
 * compare-and-swap, and an empty marker `j/open/<id>` written before it and removed after its end was told.
 */
export class EmbeddedQueue implements JobQueue {
  readonly #options: Required<EmbeddedOptions>;
  readonly #kept: KeptJobs;
  readonly #owner = randomUUID();
  /** Jobs that have not ended, and when to look at each next. */
  readonly #open = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #held = new Set<HeldJob>();
  #work: Work | null = null;
  #cleaning: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  #alarm: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EmbeddedOptions) {
    this.#options = { ...usual, ...options };
    this.#kept = new KeptJobs(options.store);
  }

  async add(job: NewJob): Promise<Job> {
    const record = newRecord(job, Date.now());
    const standing = await this.find(record.id);
    if (standing !== null) return standing;
    const added = await this.#kept.add(record);
    if (!this.#open.has(record.id)) this.#open.set(record.id, 0);
    this.#wake();
    return added ? jobOf(record) : ((await this.find(record.id)) ?? jobOf(record));
  }

  async find(id: string): Promise<Job | null> {
    if (!jobIdPattern.test(id)) return null;
    const found = await this.#kept.read(id);
    return found === null ? null : jobOf(found.record);
  }

  start(work: Work): void {
    this.#work = work;
    const clean = () => this.#kept.clean(Date.now()).catch((cause: unknown) => this.#report('Old jobs stay', cause));
    this.#cleaning = setInterval(() => void clean(), cleanEvery).unref();
    void clean();
    void this.#look();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#cleaning, this.#looking, this.#alarm]) clearTimeout(timer);
    for (const held of this.#held) held.letGo();
    await Promise.all(this.#running.values());
  }

  /** Learns what others added or left. */
  async #look(): Promise<void> {
    try {
      for await (const id of this.#kept.open()) {
        if (!this.#open.has(id)) this.#open.set(id, 0);
      }
      this.#wake();
    } catch (cause) {
      this.#report('The jobs cannot be listed', cause);
    }
    if (!this.#closed) this.#looking = setTimeout(() => void this.#look(), this.#options.poll).unref();
  }

  /** Begins as many of the due jobs as there is room for, the oldest first, and sets the alarm for the next. */
  #wake(): void {
    if (this.#closed || this.#work === null) return;
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [id, due] of this.#open) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (this.#running.has(id)) continue;
      if (due > now) next = Math.min(next, due);
      else this.#begin(id, this.#work);
    }
    clearTimeout(this.#alarm);
    if (Number.isFinite(next)) this.#alarm = setTimeout(() => this.#wake(), next - now).unref();
  }

  #begin(id: string, work: Work): void {
    const running = this.#do(id, work)
      .catch((cause: unknown) => {
        this.#later(id, Date.now() + this.#options.pause);
        this.#report('A job could not be kept track of', cause);
      })
      .finally(() => {
        this.#running.delete(id);
        this.#wake();
      });
    this.#running.set(id, running);
  }

  #later(id: string, due: number): void {
    if (this.#open.has(id)) this.#open.set(id, due);
  }

  async #do(id: string, work: Work): Promise<void> {
    const held = await this.#take(id, work);
    if (held === null) return;
    this.#held.add(held);
    if (this.#closed) held.letGo();
    const { lease } = this.#options;
    const beat = () => held.write((record) => ({ ...record, lease: this.#leaseFromNow() }));
    const beating = setInterval(() => void beat().catch(() => {}), lease / 3).unref();
    try {
      const next = await this.#try(held, work).finally(() => clearInterval(beating));
      if (!(await held.write(() => next))) return this.#later(id, Date.now() + lease);
      if (hasEnded(next)) await this.#conclude(next, work);
      else this.#later(id, next.notBefore);
    } finally {
      this.#held.delete(held);
    }
  }

  /** Takes a job by compare-and-swap; null where there is nothing to do about it now. */
  async #take(id: string, work: Work): Promise<HeldJob | null> {
    const { lease, pause } = this.#options;
    const now = Date.now();
    const found = await this.#kept.read(id);
    if (found === null) return this.#dropStray(id, now);
    const { record, tag } = found;
    if (hasEnded(record)) {
      if ((await this.#kept.markedAt(id)) === null) this.#open.delete(id);
      else await this.#conclude(record, work);
      return null;
    }
    const due = this.#dueOf(record, work, now);
    if (due > now) {
      this.#later(id, due);
      return null;
    }
    const held = new HeldJob(this.#kept, record, tag);
    const free = record.lease === null ? record : afterDeath(record, { now, pause });
    const next: JobRecord =
      !hasEnded(free) && free.notBefore <= now ? { ...free, status: 'processing', lease: this.#leaseFromNow() } : free;
    if (!(await held.write(() => next))) this.#later(id, now + lease);
    else if (next.lease !== null) return held;
    else if (hasEnded(next)) await this.#conclude(next, work);
    else this.#later(id, next.notBefore);
    return null;
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
      if (!(thrown instanceof Failure)) this.#report('A job met with something nobody foresaw', thrown);
      return afterTrouble(held.record, thrown, { now, pause: this.#options.pause });
    }
  }

  /** The end is told before the marker goes: a process that dies in between leaves the marker to the next. */
  async #conclude(record: JobRecord, { ended }: Work): Promise<void> {
    await ended(jobOf(record));
    await this.#kept.unmark(record.id);
    this.#open.delete(record.id);
  }

  /** A marker without a record is of an `add` that is under way, or was never answered. */
  async #dropStray(id: string, now: number): Promise<null> {
    const { lease } = this.#options;
    const markedAt = await this.#kept.markedAt(id);
    if (markedAt !== null && now - markedAt <= lease) {
      this.#later(id, now + lease);
      return null;
    }
    await this.#kept.unmark(id);
    this.#open.delete(id);
    return null;
  }

  #report(sentence: string, cause: unknown): void {
    this.#options.report(sentence, cause);
  }
}

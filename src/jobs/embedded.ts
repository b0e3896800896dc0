import type { BlobStore } from '../store/blob-store.ts';
import { type Job, type JobQueue, type JobWork, jobIdPattern, type NewJob } from './job-queue.ts';
import { jobOf, newRecord } from './job-record.ts';
import { JobStore } from './job-store.ts';
import { JobRunner, type JobRunnerOptions } from './runner.ts';

/** Times in milliseconds. */
export interface EmbeddedOptions extends Pick<JobRunnerOptions, 'sole' | 'report'> {
  readonly store: BlobStore;
  /** Maximum number of jobs that run at once. */
  readonly concurrency: number;
  readonly lease?: number;
  readonly pause?: number;
  /** Interval of listing jobs that other processes added or left. */
  readonly poll?: number;
  /** Milliseconds since 1970, used to delete old jobs; null while the clock is not trusted. */
  readonly trustedNow: () => number | null;
  /** Called for every record of a job that was read and is damaged. */
  readonly onDamaged?: () => void;
  /** Offers a job to other nodes; false if it must run here. Never throws. */
  readonly pass?: (id: string) => Promise<boolean>;
}

const usual = { lease: 30_000, pause: 1000, poll: 5000, pass: async () => false, onDamaged: () => {} };
const cleanEvery = 3_600_000;

/**
 * Job queue inside the server, kept in its store. A job is a record `j/all/<id>.json`, changed by compare-and-swap.
 * An empty index entry `j/open/<id>` is written before the record and removed after `ended` was called.
 */
export class EmbeddedQueue implements JobQueue {
  readonly #options: Required<EmbeddedOptions>;
  readonly #store: JobStore;
  readonly #runner: JobRunner;
  /**
   * Unfinished jobs, and when to try each next (milliseconds since 1970). Jobs passed to other nodes are due one lease
   * later.
   */
  readonly #open = new Map<string, number>();
  readonly #running = new Map<string, Promise<unknown>>();
  #work: JobWork | null = null;
  #cleaning: NodeJS.Timeout | undefined;
  #polling: NodeJS.Timeout | undefined;
  #alarm: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EmbeddedOptions) {
    this.#options = { ...usual, ...options };
    this.#store = new JobStore(options.store, options.onDamaged);
    this.#runner = new JobRunner({ ...this.#options, store: this.#store });
  }

  async add(job: NewJob): Promise<Job> {
    const record = newRecord(job, Date.now());
    const existing = await this.find(record.id);
    if (existing !== null) return existing;
    const added = await this.#store.add(record);
    await this.#take(record.id);
    this.#wake();
    return added ? jobOf(record) : ((await this.find(record.id)) ?? jobOf(record));
  }

  async find(id: string): Promise<Job | null> {
    if (!jobIdPattern.test(id)) return null;
    const found = await this.#store.read(id);
    return found === null ? null : jobOf(found.record);
  }

  start(work: JobWork): void {
    this.#work = work;
    this.#cleaning = setInterval(() => void this.#clean(), cleanEvery).unref();
    void this.#clean();
    void this.#poll();
  }

  async #clean(): Promise<void> {
    const now = this.#options.trustedNow();
    if (now === null) return;
    await this.#store.clean(now).catch((cause: unknown) => this.#report('Old jobs could not be deleted', cause));
  }

  /**
   * Runs a job if it is due. Returns when to try next, in milliseconds since 1970, or null for never. Never rejects.
   */
  async do(id: string, work: JobWork): Promise<number | null> {
    if (this.#closed) return Date.now();
    if (this.#running.has(id)) return Date.now() + this.#options.lease;
    const trying = this.#runner.run(id, work).catch((cause: unknown) => {
      this.#report('The record of a job could not be updated', cause);
      return Date.now() + this.#options.pause;
    });
    this.#running.set(id, trying);
    const due = await trying;
    if (due === null) this.#open.delete(id);
    else if (this.#open.has(id)) this.#open.set(id, due);
    this.#running.delete(id);
    this.#wake();
    return due;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#cleaning, this.#polling, this.#alarm]) clearTimeout(timer);
    this.#runner.releaseAll();
    await Promise.all(this.#running.values());
  }

  /**
   * Schedules a job. If it was passed to another node but is still open after one lease, this node tries it too; its
   * lease prevents duplicates.
   */
  async #take(id: string): Promise<void> {
    if (this.#open.has(id) || this.#running.has(id)) return;
    const due = (await this.#options.pass(id)) ? Date.now() + this.#options.lease : 0;
    if (!this.#open.has(id)) this.#open.set(id, due);
  }

  /** Lists the open jobs in the store and schedules new ones. */
  async #poll(): Promise<void> {
    try {
      const ended = new Set(this.#open.keys());
      for await (const id of this.#store.open()) {
        ended.delete(id);
        await this.#take(id);
      }
      for (const id of ended) if (!this.#running.has(id)) this.#open.delete(id);
      this.#wake();
    } catch (cause) {
      this.#report('The open jobs could not be listed', cause);
    }
    if (!this.#closed) this.#polling = setTimeout(() => void this.#poll(), this.#options.poll).unref();
  }

  /** Starts due jobs up to the concurrency limit, oldest first, and sets a timer for the next one. */
  #wake(): void {
    if (this.#closed || this.#work === null) return;
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [id, due] of this.#open) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (this.#running.has(id)) continue;
      if (due > now) next = Math.min(next, due);
      else void this.do(id, this.#work);
    }
    clearTimeout(this.#alarm);
    if (Number.isFinite(next)) this.#alarm = setTimeout(() => this.#wake(), next - now).unref();
  }

  #report(sentence: string, cause: unknown): void {
    this.#options.report(sentence, cause);
  }
}

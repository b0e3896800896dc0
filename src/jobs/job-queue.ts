/** What outlives a process: plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface NewJob {
  /** Which handler does it. */
  readonly kind: string;
  readonly input: Json;
  /** 1 to 100 of `A-Z a-z 0-9 _ -`; minted where none is given. */
  readonly id?: string;
}

export type JobStatus = 'pending' | 'processing' | 'complete' | 'failed';

export interface Job extends Required<NewJob> {
  readonly status: JobStatus;
  /** Share that is done, 0 to 1. */
  readonly progress: number;
  readonly results: readonly Json[];
  /** Why it failed, in one sentence that may be shown; null while it has not. */
  readonly error: string | null;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

/** A job in the hands of its handler. */
export interface JobRun {
  /** As it was when this try began: `results` are what an earlier try told last. */
  readonly job: Job;
  /** Aborted when the queue closes or the job was taken over: stop soon, somebody goes on. */
  readonly signal: AbortSignal;
  /** Lets everyone see how far it is. */
  readonly report: (progress: number, results: readonly Json[]) => Promise<void>;
}

/**
 * Does the jobs of one kind and answers their results. It may be called again for a job it was interrupted in, so doing
 * a thing twice must be as good as once. A `Failure` below 500 is a verdict; anything else it throws is tried again. Once
 * the signal is aborted it throws, whatever.
 */
export type JobHandler = (run: JobRun) => Promise<readonly Json[]>;

export interface JobWork {
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Hears of every job that ended, at least once. */
  readonly ended: (job: Job) => Promise<void>;
}

/** A job is tried so many times before it has failed. */
export const maxTries = 5;
/** After so many processes died with it in their hands it has failed too. */
export const maxDeaths = 10;
/** Milliseconds a job is kept after its end. */
export const endedJobLifetime = 7 * 86_400_000;

/**
 * Work that outlives the request and the process. The promises, each of them one test of the contract suite:
 *
 * - What `add` answered for is done, whatever is killed meanwhile, by whichever process opens the queue.
 * - One process at a time works on a job; of one that died others take it over. That does not count as a try, but a job
 *   that 10 processes died with has failed.
 * - A job ends once, as `complete` or `failed`, and stays so; `ended` hears of it.
 * - What throws is tried again after growing pauses, at most 5 times in all, then it has failed and says why.
 * - A bad job holds nobody up. One whose kind nobody here knows waits for somebody who does.
 * - Adding an id that stands adds nothing and answers what stands.
 * - `close` lets go of what is being done: it waits for the handlers, and others go on. Such a try does not count.
 */
export interface JobQueue {
  /** Resolves once the job is kept. Throws `store-unreachable` or `disk-full`. */
  add(job: NewJob): Promise<Job>;

  /** Null for an id that never was, or whose job ended more than 7 days ago. */
  find(id: string): Promise<Job | null>;

  /** From now on jobs are done here; before it they are only kept. */
  start(work: JobWork): void;

  close(): Promise<void>;
}

export const jobIdPattern = /^[A-Za-z0-9_-]{1,100}$/;

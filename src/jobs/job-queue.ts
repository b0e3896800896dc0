/** Plain JSON, so that it outlives the process. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface NewJob {
  /** Name of the handler. */
  readonly kind: string;
  readonly input: Json;
  /** 1 to 100 of `A-Z a-z 0-9 _ -`; generated if absent. */
  readonly id?: string;
}

export type JobStatus = 'pending' | 'processing' | 'complete' | 'failed';

export interface Job extends Required<NewJob> {
  readonly status: JobStatus;
  /** From 0 to 1. */
  readonly progress: number;
  readonly results: readonly Json[];
  /** Reason of the failure, one sentence safe to show to clients; null unless it failed. */
  readonly error: string | null;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

/** What a handler receives: the job and how to report progress. */
export interface JobRun {
  /** The job at the start of this try. `results` are those an earlier try reported last. */
  readonly job: Job;
  /** Aborts when the queue closes or another node took over the job. Stop soon; the job continues elsewhere. */
  readonly signal: AbortSignal;
  /** Stores the progress (0 to 1) and the results so far. */
  readonly report: (progress: number, results: readonly Json[]) => Promise<void>;
}

/**
 * Runs the jobs of one kind and returns their results. It must be idempotent, because an interrupted job runs again.
 * A thrown `Failure` with a status below 500 fails the job; any other error is retried. After the signal aborts it must
 * throw.
 */
export type JobHandler = (run: JobRun) => Promise<readonly Json[]>;

export interface JobWork {
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Called for every job that ended, at least once. */
  readonly ended: (job: Job) => Promise<void>;
}

/** Tries after which a job has failed. */
export const maxTries = 5;
/** Process deaths during a job after which it has failed. */
export const maxDeaths = 10;
/** Milliseconds for which an ended job is kept. */
export const endedJobLifetime = 7 * 86_400_000;

/**
 * Durable job queue: jobs survive the request and the process. Each promise below is one test of the contract suite.
 *
 * - A job whose `add` resolved is run, even after a crash, by any process that opens the queue.
 * - One process at a time runs a job. If it dies, another takes over. That is no try, but 10 deaths fail the job.
 * - A job ends once, as `complete` or `failed`, and is final. `ended` is called for it.
 * - A handler that throws is retried after growing pauses, at most 5 tries in all. Then the job has failed and has an
 *   `error`.
 * - A failing job does not block others. A job of an unknown kind waits for a process that knows it.
 * - Adding an existing id adds nothing and returns the existing job.
 * - `close` aborts the running handlers and waits for them. Other processes continue their jobs. Such a try does not
 *   count.
 */
export interface JobQueue {
  /** Resolves once the job is stored. Throws `store-unreachable` or `disk-full`. */
  add(job: NewJob): Promise<Job>;

  /** Returns null for an unknown id, or if the job ended more than 7 days ago. */
  find(id: string): Promise<Job | null>;

  /** Starts to run jobs in this process; until then they are only stored. */
  start(work: JobWork): void;

  close(): Promise<void>;
}

export const jobIdPattern = /^[A-Za-z0-9_-]{1,100}$/;

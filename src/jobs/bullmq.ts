import { createHash } from 'node:crypto';
import { DelayedError, Queue, Worker } from 'bullmq';
import { createClient } from 'redis';
import { type EmbeddedOptions, EmbeddedQueue } from './embedded.ts';
import type { Job, JobQueue, JobWork, NewJob } from './job-queue.ts';

export interface BullOptions extends Omit<EmbeddedOptions, 'pass'> {
  /** `redis://…` or `rediss://…` */
  readonly redis: string;
}

/** Milliseconds. BullMQ hands over ids at once; polling finds only those that Redis lost. */
const usual = { lease: 30_000, pause: 1000, poll: 30_000, onDamaged: () => {} };
/** Maximum milliseconds to wait for Redis to accept an id, or to close. */
const patience = 1000;
/** Milliseconds before the worker asks Redis again after an error. */
const resting = 500;

/**
 * Job queue with BullMQ. Jobs are kept in the store, so none is lost with Redis. BullMQ distributes their ids to idle
 * nodes, and again when a node dies. Without Redis each node runs the jobs it was given.
 */
export class BullQueue implements JobQueue {
  readonly #options: Required<Omit<BullOptions, 'pass'>>;
  readonly #store: EmbeddedQueue;
  readonly #name: string;
  readonly #client: ReturnType<typeof newClient>;
  readonly #names: Queue;
  #worker: { readonly stop: () => Promise<void> } | null = null;

  constructor(options: BullOptions) {
    this.#options = { ...usual, ...options };
    this.#name = `tintype-${createHash('sha256').update(options.store.name).digest('hex').slice(0, 16)}`;
    this.#client = newClient(options.redis);
    this.#names = new Queue(this.#name, { connection: this.#client, skipMetasUpdate: true });
    this.#names.on('error', () => {});
    this.#store = new EmbeddedQueue({ ...this.#options, pass: (id) => this.#pass(id) });
  }

  add(job: NewJob): Promise<Job> {
    return this.#store.add(job);
  }

  find(id: string): Promise<Job | null> {
    return this.#store.find(id);
  }

  start(work: JobWork): void {
    const client = newClient(this.#options.redis);
    const { lease, concurrency } = this.#options;
    const worker = new Worker(
      this.#name,
      async (job, token) => {
        const due = await this.#store.do(idIn(job.id), work);
        if (due === null) return;
        await job.moveToDelayed(Math.max(due, Date.now() + 1), token);
        throw new DelayedError();
      },
      // The job's record counts deaths, not BullMQ.
      {
        connection: client,
        concurrency,
        lockDuration: lease,
        stalledInterval: lease,
        maxStalledCount: Number.MAX_SAFE_INTEGER,
      },
    );
    // Without this pause the worker asks again in a tight loop and blocks the event loop.
    let rest: NodeJS.Timeout | undefined;
    worker.on('error', () => {
      if (worker.isPaused() || worker.closing !== undefined) return;
      void inTime(worker.pause(true));
      rest = setTimeout(() => worker.resume(), resting).unref();
    });
    const stop = async () => {
      clearTimeout(rest);
      await inTime(worker.close());
      await inTime(worker.disconnect());
      end(client);
    };
    this.#worker = { stop };
    this.#store.start(work);
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#worker?.stop();
    await inTime(this.#names.close());
    end(this.#client);
  }

  async #pass(id: string): Promise<boolean> {
    if (!this.#client.isReady) return false;
    const added = this.#names
      .add('job', null, { jobId: `job-${id}`, removeOnComplete: true, removeOnFail: true })
      .then(() => true);
    return (await inTime(added)) === true;
  }
}

/** The prefix exists because BullMQ accepts no numeric ids. */
const idIn = (name = '') => name.slice('job-'.length);

function newClient(url: string) {
  const client = createClient({
    url,
    socket: { reconnectStrategy: (tries) => Math.min(1000, 50 * 2 ** Math.min(tries, 10)) },
  });
  return quiet(client);
}

/**
 * Ignores connection errors, which surface in the calls that fail. Covers duplicates too, whose listeners BullMQ
 * removes before they close.
 */
function quiet<T extends Connection>(client: T): T {
  client.on('error', () => {});
  const duplicate = client.duplicate.bind(client);
  return Object.assign(client, { duplicate: (...how: readonly []) => quiet(duplicate(...how)) });
}

interface Connection {
  on(event: 'error', listener: () => void): unknown;
  duplicate(...how: readonly []): Connection;
}

function end(client: ReturnType<typeof newClient>): void {
  if (client.isOpen) client.destroy();
}

/** Resolves to the result, or to null if the work fails or takes longer than `patience`. */
async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let late: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    late = setTimeout(() => resolve(null), patience);
  });
  return Promise.race([work.catch(() => null), silence]).finally(() => clearTimeout(late));
}

import { LRUCache } from 'lru-cache';
import { Failure, shorten } from '../../errors.ts';
import type { RenderJob } from '../pixels/render.ts';
import { Child, type ChildOptions, type End, type Ended, ExceededDeadline } from './child.ts';
import type { TaskAnswer, TaskRequest, Tasks } from './protocol.ts';
import type { Renderer } from './renderer.ts';

export interface PoolOptions extends ChildOptions {
  /** Number of worker processes, with one task each at a time. */
  readonly size: number;
  /** Called whenever a process ends during a task. */
  readonly ended: (end: End) => void;
  readonly report: (sentence: string, cause: unknown) => void;
}

/** Tasks of upload validation. A file for which they take too long is refused. */
const checks: ReadonlySet<TaskRequest['task']> = new Set(['inspect', 'prepare']);

/**
 * Milliseconds for which a file that killed two processes is refused without trying, and the maximum number of such
 * files.
 */
const poisonFor = 600_000;
const maxPoisons = 10_000;

/** Maximum tries of a task whose process was already gone. */
const maxTries = 8;

/** Minimum milliseconds that a task waits for a process; a busy machine takes this long to start some. */
const maxWait = 10_000;

/** Milliseconds before a dead process is replaced, doubled by each death without a finished task in between. */
const firstPause = 50;
const maxPause = 5000;

/**
 * Runs tasks in worker processes, so that a decoder that hangs, grows or crashes affects only its task.
 * A process is killed at the deadline or above the memory limit. After a crash the task is tried once more. A file that
 * killed two processes is refused for ten minutes.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #idle: Child[] = [];
  readonly #waiting: ((child: Child) => void)[] = [];
  readonly #children = new Set<Child>();
  readonly #warm = new Set<Child>();
  readonly #kills = new LRUCache<string, number>({ max: maxPoisons, ttl: poisonFor });
  #pause = 0;
  #closed = false;

  private constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * Starts all processes and waits for the first one to be ready. Throws if the decoders of this machine fail their
   * checks.
   */
  static async start(options: PoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    const started = Array.from({ length: options.size }, () => pool.#spawn());
    await Promise.any(started.map((child) => child.ready)).catch((cause: AggregateError) => {
      throw cause.errors[0];
    });
    return pool;
  }

  get alive(): number {
    return this.#warm.size;
  }

  /** Ids of the processes that are alive. */
  get pids(): readonly number[] {
    return [...this.#children].flatMap((child) => child.pid ?? []);
  }

  /**
   * Runs a task in the next free process.
   * @param input SHA-256 of the file, under which crashes are counted.
   * @throws Failure `deadline`; `refused-image` for a file that kills its decoder; `overloaded` without a process; or
   * the task's own failure.
   */
  async run<T extends keyof Tasks>(input: string, task: T, asks: Tasks[T]['asks']): Promise<Tasks[T]['answers']> {
    // The pair belongs to one row of the table; the compiler sees only the union of all rows.
    const ask = { task, asks } as TaskRequest;
    if ((this.#kills.get(input) ?? 0) >= 2) throw refusedDecoder();
    let deaths = 0;
    for (let tries = 0; tries < maxTries; tries++) {
      const outcome = await this.#try(input, ask);
      if ('answer' in outcome) return outcome.answer;
      if ('failure' in outcome) throw new Failure(outcome.failure, outcome.sentence, { cause: outcome.cause });
      if (outcome.end !== 'died') throw this.#ended(outcome);
      if (outcome.begun) deaths += 1;
      if (deaths === 2) throw refusedDecoder();
    }
    throw noProcess();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const child of this.#children) child.kill('closed');
    await Promise.all([...this.#children].map((child) => child.gone));
  }

  async #try(input: string, ask: TaskRequest): Promise<TaskAnswer | Ended> {
    const child = await this.#take();
    const outcome = await child.run(ask);
    if (!('end' in outcome)) {
      this.#pause = 0;
      this.#give(child);
      return outcome;
    }
    this.#hold(input, ask, outcome);
    this.#options.ended(outcome.end);
    this.#options.report('A worker process ended during its task', {
      end: outcome.end,
      task: ask.task,
      input: shorten(input),
    });
    return outcome;
  }

  /**
   * Counts a crash or an endless check against the file. A slow render, or a process that was gone before, does not
   * count.
   */
  #hold(input: string, ask: TaskRequest, { end, begun }: Ended): void {
    if (!begun || end === 'closed' || (end === 'deadline' && !checks.has(ask.task))) return;
    this.#kills.set(input, (this.#kills.get(input) ?? 0) + (end === 'died' ? 1 : 2));
  }

  #ended({ end, cpu }: Ended): Failure {
    if (end === 'deadline') return new ExceededDeadline(this.#options.deadline, cpu);
    return end === 'closed' ? new Failure('overloaded', 'Shutting down') : refusedDecoder();
  }

  /** The next free process. Throws `overloaded` if none becomes free in time. */
  #take(): Promise<Child> {
    const child = this.#idle.pop();
    if (child !== undefined) return Promise.resolve(child);
    return new Promise((resolve, reject) => {
      const admit = (free: Child) => {
        clearTimeout(late);
        resolve(free);
      };
      const late = setTimeout(
        () => {
          this.#waiting.splice(this.#waiting.indexOf(admit), 1);
          reject(noProcess());
        },
        Math.max(maxWait, 2 * this.#options.deadline),
      );
      this.#waiting.push(admit);
    });
  }

  #give(child: Child): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(child);
    else next(child);
  }

  #spawn(): Child {
    const child = new Child(this.#options);
    this.#children.add(child);
    child.ready.then(
      () => {
        this.#warm.add(child);
        this.#give(child);
      },
      (cause: unknown) => this.#options.report('A worker process did not start', cause),
    );
    void child.gone.then(() => this.#replace(child));
    return child;
  }

  /** Replaces a dead process in advance of the next task, with growing pauses. */
  #replace(child: Child): void {
    this.#children.delete(child);
    this.#warm.delete(child);
    const place = this.#idle.indexOf(child);
    if (place !== -1) this.#idle.splice(place, 1);
    if (this.#closed) return;
    setTimeout(() => {
      if (!this.#closed) this.#spawn();
    }, this.#pause).unref();
    this.#pause = Math.min(maxPause, Math.max(firstPause, this.#pause * 2));
  }
}

function noProcess(): Failure {
  return new Failure('overloaded', 'No worker process is free; retry after 1 s', {
    headers: { 'Retry-After': '1' },
  });
}

function refusedDecoder(): Failure {
  return new Failure('refused-image', 'Expected an image that can be decoded but this one crashes its decoder');
}

/** Key of a job's files, because a layer can crash a decoder as well as the original. */
function inputsOf({ version, layers = {} }: Omit<RenderJob, 'plan'>): string {
  return [version, ...Object.keys(layers)].join('+');
}

/** Adapts a pool to the interface `Renderer`. */
export function pooledRenderer(pool: WorkerPool): Renderer {
  return {
    inspect: ({ path, version }, policy) => pool.run(version, 'inspect', { path, policy }).catch(slowCheck),
    prepare: ({ path, version }, preparation) =>
      pool.run(version, 'prepare', { ...preparation, path }).catch(slowCheck),
    async render({ plan, ...file }) {
      const [bytes] = await pool.run(inputsOf(file), 'render', { ...file, plans: [plan] });
      if (bytes !== undefined) return bytes;
      throw new TypeError('Expected bytes from a worker process');
    },
    renderAll: (jobs) => pool.run(inputsOf(jobs), 'render', jobs),
    search: (job) => pool.run(inputsOf(job), 'search', job),
    computePlaceholder: (job) => pool.run(inputsOf(job), 'placeholder', job),
    copy: (job) => pool.run(job.version, 'copy', job),
    countAlive: () => pool.alive,
    close: () => pool.close(),
  };
}

/** Converts a validation that timed out to `refused-image`. */
function slowCheck(thrown: unknown): never {
  if (!(thrown instanceof Failure) || thrown.kind !== 'deadline') throw thrown;
  throw new Failure('refused-image', 'Expected an image that can be checked in time but this one takes too long', {
    cause: thrown,
  });
}

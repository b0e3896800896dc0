import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../errors.ts';
import type { Begun, Ready, TaskAnswer, TaskRequest, Unfit } from './protocol.ts';
import { anonymousMemoryOf, cpuOf } from './usage.ts';

/** Why a worker process ended. */
export type End = 'deadline' | 'memory' | 'died' | 'closed';

/** Outcome of a task whose worker process ended. */
export interface Ended {
  readonly end: End;
  /** False if the process ended before it received the task, so the task is not the cause. */
  readonly begun: boolean;
  /** Milliseconds of CPU that the task had used; 0 if unknown. */
  readonly cpu: number;
}

/** Script of a worker process, with the extension of this file. */
const entry = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));

/** Priority below that of the server. */
const niceness = 5;
/** Makes the kernel kill workers before the server when memory runs out. */
const oomScore = 500;

export interface ChildOptions {
  /** Maximum milliseconds of CPU of a task. Its wall-clock limit is twice that. */
  readonly deadline: number;
  /** Maximum bytes of anonymous memory. It is polled, because RLIMIT_AS does not work for Node. */
  readonly memory: number;
  /** The complete environment of the process, so that decoders of untrusted files see no secrets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Maximum milliseconds until a process is ready; a busy machine takes a second or two. */
const maxStart = 30_000;

/** Milliseconds between measurements of CPU and memory during a task. */
const watchEvery = 50;

/** A worker process that the server can kill. */
export class Child {
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  #settle: ((answer: TaskAnswer | Ended) => void) | null = null;
  #isGone = false;
  #begun = false;
  #end: End = 'died';
  #cpu = 0;

  /** Resolves when the process is ready; rejects if its decoders fail their checks or it dies. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended, for any reason. */
  readonly gone: Promise<void>;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Read only at process start: one thread decodes, one reads files.
      env: { ...options.environment, UV_THREADPOOL_SIZE: '2' },
    });
    this.gone = new Promise((resolve) => {
      this.#process.once('exit', resolve).once('error', resolve);
    });
    void this.gone.then(() => {
      this.#isGone = true;
      this.#settle?.(this.#ended);
    });
    this.ready = this.#warm();
    this.#process.on('message', (message: TaskAnswer | Begun) => {
      if ('begun' in message) this.#begun = true;
      else this.#settle?.(message);
    });
    this.#lower();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Runs one task; never rejects. After an `end` the process is gone. */
  async run(ask: TaskRequest): Promise<TaskAnswer | Ended> {
    this.#begun = false;
    this.#cpu = 0;
    const { deadline, memory } = this.#options;
    const { pid } = this;
    const before = cpuOf(pid);
    const measure = () => {
      this.#cpu = Math.max(this.#cpu, cpuOf(pid) - before);
    };
    const late = setTimeout(() => {
      measure();
      this.kill('deadline');
    }, 2 * deadline);
    const watch = setInterval(() => {
      measure();
      if (this.#cpu > deadline) this.kill('deadline');
      if (anonymousMemoryOf(pid) > memory) this.kill('memory');
    }, watchEvery);
    try {
      return await new Promise((resolve) => {
        // Not `gone.then`, which would keep each result in memory for as long as the process lives.
        this.#settle = resolve;
        if (this.#isGone) resolve(this.#ended);
        else
          this.#process.send(ask, (lost) => {
            if (lost !== null) this.kill('died');
          });
      });
    } finally {
      this.#settle = null;
      clearTimeout(late);
      clearInterval(watch);
    }
  }

  get #ended(): Ended {
    return { end: this.#end, begun: this.#begun, cpu: this.#cpu };
  }

  /** Kills the process at once, even while native code runs. */
  kill(end: End): void {
    this.#end = end;
    this.#process.kill('SIGKILL');
  }

  async #warm(): Promise<void> {
    const late = setTimeout(() => this.kill('died'), maxStart);
    const first = await new Promise<Ready | Unfit | null>((resolve) => {
      this.#process.once('message', resolve);
      void this.gone.then(() => resolve(null));
    });
    clearTimeout(late);
    if (first === null) throw new Error('A worker process died before it was ready');
    if ('unfit' in first) throw new Error(first.unfit);
  }

  /** Lowers the priority and raises the out-of-memory score. If the system forbids it, nothing changes. */
  #lower(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      setPriority(pid, niceness);
      writeFileSync(`/proc/${pid}/oom_score_adj`, String(oomScore));
    } catch {
      // There is no /proc, or it is not allowed.
    }
  }
}

/** Failure of a render that was stopped at its deadline. */
export class ExceededDeadline extends Failure {
  /**
   * Whether the render used at least half of the CPU limit, so that it would time out again. Otherwise the machine was
   * busy.
   */
  readonly isOwnWork: boolean;

  constructor(deadline: number, cpu: number) {
    super('deadline', `The render took more than ${deadline} ms of CPU, or twice that by the clock`);
    this.isOwnWork = cpu >= deadline / 2;
  }
}

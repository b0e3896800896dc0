import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../errors.ts';
import type { Begun, Ready, TaskAnswer, TaskRequest, Unfit } from './protocol.ts';
import { anonymousMemoryOf, cpuOf } from './usage.ts';

/** Why a child is gone. */
export type End = 'deadline' | 'memory' | 'died' | 'closed';

/** A task that ended with its child. */
export interface Ended {
  readonly end: End;
  /** False where the child was gone before it had received the task: then the task has no part in it. */
  readonly begun: boolean;
  /** Milliseconds of CPU that the task had used; 0 where the system does not say. */
  readonly cpu: number;
}

/** Beside this file, in whatever language it runs. */
const entry = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));

/** Below live requests and everything else the server does. */
const niceness = 5;
/** The kernel takes a child before it takes the server. */
const oomScore = 500;

export interface ChildOptions {
  /** Milliseconds of its own CPU that a task may use; by the clock it may take twice that. */
  readonly deadline: number;
  /** Bytes of anonymous memory. RLIMIT_AS does not work for Node, so it is watched. */
  readonly memory: number;
  /** All it sees of the environment: a decoder of strangers' files has no use for secrets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Milliseconds until its decoders must be warm; a busy machine takes a second or two. */
const maxStart = 30_000;

/** How often CPU and memory are measured while a task runs, in milliseconds. */
const watchEvery = 50;

/** A process that decodes, with the means to end it. */
export class Child {
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  #settle: ((answer: TaskAnswer | Ended) => void) | null = null;
  #isGone = false;
  #begun = false;
  #end: End = 'died';
  #cpu = 0;

  /** Resolves when its decoders are warm; rejects when they are not what we trust, or when it dies before. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone, whatever the reason. */
  readonly gone: Promise<void>;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Read when the process starts, hence set here: one thread decodes, one reads files.
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

  /** Runs one task; never rejects. After an `end` the child is gone. */
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
        // Not `gone.then`: what waits for a promise that may never resolve is kept as long as that is, its answer with it.
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

  /** At once, whatever native code is doing. */
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
    if (first === null) throw new Error('A rendering process died before it was ready');
    if ('unfit' in first) throw new Error(first.unfit);
  }

  /** Both are a courtesy: where the system forbids them, renders compete on equal terms. */
  #lower(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      setPriority(pid, niceness);
      writeFileSync(`/proc/${pid}/oom_score_adj`, String(oomScore));
    } catch {
      // No /proc, or not allowed.
    }
  }
}

/** A render that was ended at its deadline. */
export class ExceededDeadline extends Failure {
  /** Whether the render itself used at least half of its CPU: then it would again; else the machine was busy. */
  readonly isOwnWork: boolean;

  constructor(deadline: number, cpu: number) {
    super('deadline', `The render took more than ${deadline} ms of CPU, or twice that by the clock`);
    this.isOwnWork = cpu >= deadline / 2;
  }
}

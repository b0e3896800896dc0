import { Failure } from '../../errors.ts';
import { type Cost, noCost } from '../planning/cost.ts';
import { expectedWait } from './expected-wait.ts';
import { FairQueue, type Fit, type Task } from './fair-queue.ts';
import { Speed } from './speed.ts';

export interface RenderQueueLimits {
  /** Maximum number of concurrent renders. */
  readonly renders: number;
  /** Maximum number of waiting renders. */
  readonly queue: number;
  /** Maximum wait in milliseconds. */
  readonly queueWait: number;
  /** Maximum bytes of decoded pixels at once. A render above it runs alone. */
  readonly decodeMemory: number;
}

/** Client and cost of a render. */
export interface RenderRequest {
  /** Client key. Clients take turns, so that one with many requests does not block the others. */
  readonly client: string;
  /** Aborts once no request waits for the result; the render then leaves the queue. */
  readonly signal: AbortSignal | null;
  readonly cost?: Cost;
}

const anybody: RenderRequest = { client: '', signal: null };

/** Estimated milliseconds from which a render is large. Large renders leave one slot to small ones. */
const large = 1500;

/**
 * Render queue: limits concurrent renders and their memory; others wait, for a limited time. A new render is rejected
 * at once if it would wait too long and the head of the queue has already waited half the limit, since estimates may be
 * wrong. In a full queue, a client with fewer waiting renders replaces the newest of the client with most.
 */
export class RenderQueue {
  readonly #limits: RenderQueueLimits;
  readonly #waitingTasks = new FairQueue();
  readonly #speed = new Speed();
  /** Running renders, with their start in milliseconds of the monotonic clock. */
  readonly #running = new Map<Task, number>();
  /** Background work that waits until the queue is empty. */
  readonly #background = new Set<() => void>();
  #quiet = 0;
  #closed = false;

  constructor(limits: RenderQueueLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waitingTasks.size;
  }

  /** Whether more renders wait than can run at once. */
  get isCrowded(): boolean {
    return this.waiting > this.#limits.renders;
  }

  /** Estimated bytes of decoded pixels of the running renders. */
  get decoding(): number {
    return sum([...this.#running.keys()].map(({ memory }) => memory));
  }

  /**
   * Runs `work` once a slot is free. Throws `overloaded` with Retry-After if the queue is full or the wait is too long,
   * and `abandoned` if the signal aborts.
   */
  async run<T>(work: () => Promise<T>, turn: RenderRequest = anybody): Promise<T> {
    const { cost = noCost } = turn;
    const estimate = this.#speed.of(cost);
    const task = { memory: cost.memory, estimate, isLarge: estimate >= large };
    await this.#enter(turn, task);
    const begun = performance.now();
    try {
      const result = await work();
      this.#speed.learn(cost, performance.now() - begun);
      return result;
    } finally {
      this.#running.delete(task);
      this.#admit();
    }
  }

  /**
   * Runs background work while a slot is free and no render waits, on at most half of the slots.
   * Each of its renders must also go through `run`.
   */
  async runInBackground<T>(work: () => Promise<T>): Promise<T> {
    const { renders } = this.#limits;
    while (this.running >= renders || this.#quiet >= Math.ceil(renders / 2)) {
      await new Promise<void>((resolve) => this.#background.add(resolve));
    }
    this.#quiet += 1;
    try {
      return await work();
    } finally {
      this.#quiet -= 1;
      this.#startBackground();
    }
  }

  /** Rejects new renders. Running and waiting ones are finished. */
  close(): void {
    this.#closed = true;
  }

  async #enter(turn: RenderRequest, task: Task): Promise<void> {
    if (this.#closed) throw busy('This server is shutting down', 1000);
    if (turn.signal?.aborted === true) throw abandoned();
    // Waiting renders do not fit either, so the new one overtakes fairly.
    if (!this.#waitingTasks.hasWaitedLong && this.#fit(task) === 'fits') {
      this.#waitingTasks.skipAhead((first) => this.#fit(first));
      this.#begin(task);
      return;
    }
    const { queue, queueWait } = this.#limits;
    if (this.#waitingTasks.size >= queue) this.#makeRoom(turn.client, task);
    if (this.#waitingTasks.headWaited(performance.now()) >= queueWait / 2) {
      const expected = this.#expected(turn.client, task);
      if (expected > queueWait) throw busy('All render slots are busy', expected);
    }
    await this.#wait(turn, task);
  }

  #begin(task: Task): void {
    this.#running.set(task, performance.now());
  }

  #fit(task: Task): Fit {
    const { renders, decodeMemory } = this.#limits;
    if (this.running >= renders) return 'no-room';
    if (this.running > 0 && this.decoding + task.memory > decodeMemory) return 'no-room';
    return task.isLarge && renders > 1 && this.#largeRunning >= renders - 1 ? 'after-large' : 'fits';
  }

  get #largeRunning(): number {
    return [...this.#running.keys()].filter(({ isLarge }) => isLarge).length;
  }

  /** Milliseconds until a new task of this client would start. */
  #expected(client: string, { isLarge }: Task): number {
    const now = performance.now();
    const places = [...this.#running].map(([{ estimate }, begun]) => Math.max(0, begun + estimate - now));
    while (places.length < this.#limits.renders) places.push(0);
    return expectedWait({ places, ahead: this.#waitingTasks.ahead(client), isLarge });
  }

  /** Rejects the newest task of the client with most, or throws if that would not be fair. */
  #makeRoom(client: string, task: Task): void {
    const full = busy('The render queue is full', this.#expected(client, task));
    const newest = this.#waitingTasks.evictFromLongestQueue(client);
    if (newest === null) throw full;
    newest.refuse(full);
  }

  #wait({ client, signal }: RenderRequest, task: Task): Promise<void> {
    return new Promise((resolve, reject) => {
      const { queueWait } = this.#limits;
      const settle = (how: () => void) => () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        this.#waitingTasks.remove(client, waiting);
        how();
      };
      const refuse = (failure: Failure) => settle(() => reject(failure))();
      const leave = () => {
        refuse(abandoned());
        this.#admit();
      };
      const late = () => refuse(busy(`No render slot became free within ${queueWait} ms`, queueWait));
      const timer = setTimeout(late, queueWait);
      const admit = settle(() => {
        this.#begin(task);
        resolve();
      });
      const waiting = { task, since: performance.now(), admit, refuse };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waitingTasks.add(client, waiting);
    });
  }

  /** Runs synchronously, so that no new render can take a free slot before a waiting one. */
  #admit(): void {
    for (;;) {
      const next = this.#waitingTasks.next((task) => this.#fit(task));
      if (next === null) break;
      next.admit();
    }
    if (this.#waitingTasks.size === 0 && this.running < this.#limits.renders) this.#startBackground();
  }

  /** Resumes all waiting background work. Each checks again for a free slot, and waits on if there is none. */
  #startBackground(): void {
    const next = [...this.#background];
    this.#background.clear();
    for (const begin of next) begin();
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Failure with Retry-After. `milliseconds` until a slot may be free. */
function busy(state: string, milliseconds: number): Failure {
  const seconds = Math.min(60, Math.max(1, Math.ceil(milliseconds / 1000)));
  return new Failure('overloaded', `${state}; retry after ${seconds} s`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

function abandoned(): Failure {
  return new Failure('abandoned', 'All clients that waited for this render have disconnected');
}

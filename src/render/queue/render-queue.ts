import { Failure } from '../../errors.ts';
import { type Cost, noCost } from '../planning/cost.ts';
import { expectedWait } from './expected-wait.ts';
import { FairQueue, type Fit, type Task } from './fair-queue.ts';
import { Speed } from './speed.ts';

export interface RenderQueueLimits {
  /** Renders at once. */
  readonly renders: number;
  /** Renders waiting. */
  readonly queue: number;
  /** Longest wait in milliseconds. */
  readonly queueWait: number;
  /** Bytes of decoded pixels held at once; what alone is above it runs alone. */
  readonly decodeMemory: number;
}

/** For whom something is done, and what it takes. */
export interface RenderRequest {
  /** Who asks: turns go around among clients, so that one with many wishes keeps nobody from having one. */
  readonly client: string;
  /** Aborted once nobody wants it any more: then it waits no longer. */
  readonly signal: AbortSignal | null;
  readonly cost?: Cost;
}

const anybody: RenderRequest = { client: '', signal: null };

/** Milliseconds from which a render is a large one: those leave a place to the small, where there are several. */
const large = 1500;

/**
 * The render queue: lets a bounded number of renders, of bounded memory together, run at once; the others wait a bounded time.
 * A newcomer is refused at once, with the time after which to retry, only where the estimate says that it would wait too long
 * and the head of the queue really has waited half of that: an estimate alone may be wrong. What has waited too long is
 * refused. In a full queue a client that waits for less takes the place of the newest wish of the one that waits for most.
 */
export class RenderQueue {
  readonly #limits: RenderQueueLimits;
  readonly #waitingTasks = new FairQueue();
  readonly #speed = new Speed();
  /** What runs, and since when in milliseconds of the monotonic clock; a place for each. */
  readonly #running = new Map<Task, number>();
  /** Who begins only while nobody else wants to. */
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

  /** More wait than can run at once. */
  get isCrowded(): boolean {
    return this.waiting > this.#limits.renders;
  }

  /** Bytes of decoded pixels that what runs is thought to hold. */
  get decoding(): number {
    return sum([...this.#running.keys()].map(({ memory }) => memory));
  }

  /**
   * Runs `work` when there is room. Throws `overloaded` with Retry-After where the queue is full or the wait is, or would
   * be, too long; `abandoned` where nobody waits.
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
   * Work whose renders come after those of live requests: it begins while a place is free and nobody waits for one, and
   * takes half of the places at most. Each of its renders passes the gate like any other.
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

  /** Refuses whoever comes from now on; what runs or waits is finished. */
  close(): void {
    this.#closed = true;
  }

  async #enter(turn: RenderRequest, task: Task): Promise<void> {
    if (this.#closed) throw busy('This server is shutting down', 1000);
    if (turn.signal?.aborted === true) throw abandoned();
    // Whoever waits does not fit, or would not wait.
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

  /** Milliseconds until one more task of this client would begin. */
  #expected(client: string, { isLarge }: Task): number {
    const now = performance.now();
    const places = [...this.#running].map(([{ estimate }, begun]) => Math.max(0, begun + estimate - now));
    while (places.length < this.#limits.renders) places.push(0);
    return expectedWait({ places, ahead: this.#waitingTasks.ahead(client), isLarge });
  }

  /** Throws where nobody waits for more than this client does. */
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

  /** At once, so that a place is never free for a newcomer in between. */
  #admit(): void {
    for (;;) {
      const next = this.#waitingTasks.next((task) => this.#fit(task));
      if (next === null) break;
      next.admit();
    }
    if (this.#waitingTasks.size === 0 && this.running < this.#limits.renders) this.#startBackground();
  }

  /** All of them: one that finds no place waits on. */
  #startBackground(): void {
    const next = [...this.#background];
    this.#background.clear();
    for (const begin of next) begin();
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** `milliseconds` after which there may be a place. */
function busy(state: string, milliseconds: number): Failure {
  const seconds = Math.min(60, Math.max(1, Math.ceil(milliseconds / 1000)));
  return new Failure('overloaded', `${state}; retry after ${seconds} s`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

function abandoned(): Failure {
  return new Failure('abandoned', 'Everybody who waited for this has gone');
}

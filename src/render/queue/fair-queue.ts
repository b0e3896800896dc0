import type { Failure } from '../../errors.ts';

/** A render, as far as admission is concerned. */
export interface Task {
  /** Peak bytes of decoded pixels. */
  readonly memory: number;
  /** Expected milliseconds on this machine. */
  readonly estimate: number;
  /** Large renders leave one slot to small ones. */
  readonly isLarge: boolean;
}

/** A task that waits for a slot. */
export interface Waiting {
  readonly task: Task;
  /** Start of the wait, in milliseconds of the monotonic clock. */
  readonly since: number;
  readonly admit: () => void;
  readonly refuse: (failure: Failure) => void;
}

/** Whether a task can start: `after-large` waits for another large task to end, `no-room` for any task. */
export type Fit = 'fits' | 'no-room' | 'after-large';

/** Estimated milliseconds of work, separately for small and large tasks. */
export interface Work {
  readonly small: number;
  readonly large: number;
}

interface Queue {
  readonly waiting: Set<Waiting>;
  readonly work: { small: number; large: number };
}

/** Number of tasks that may overtake the head of the queue while it does not fit. After that, all wait with it. */
const maxSkips = 16;

/** Fair queue: clients take turns. */
export class FairQueue {
  /** Clients in the order of their turns, each with its waiting tasks. */
  readonly #queues = new Map<string, Queue>();
  /** All waiting tasks, in order of arrival. */
  readonly #arrivals = new Set<Waiting>();
  #skips = 0;

  get size(): number {
    return this.#arrivals.size;
  }

  /** Whether the head of the queue was overtaken as often as allowed. */
  get hasWaitedLong(): boolean {
    return this.#skips >= maxSkips;
  }

  /** Milliseconds that the head of the queue has waited; 0 for an empty queue. */
  headWaited(now: number): number {
    const head = this.#arrivals.values().next().value;
    return head === undefined ? 0 : now - head.since;
  }

  add(client: string, waiting: Waiting): void {
    const queue = this.#queues.get(client) ?? { waiting: new Set(), work: { small: 0, large: 0 } };
    queue.waiting.add(waiting);
    queue.work[kindOf(waiting)] += waiting.task.estimate;
    this.#queues.set(client, queue);
    this.#arrivals.add(waiting);
  }

  remove(client: string, waiting: Waiting): void {
    const queue = this.#queues.get(client);
    if (queue?.waiting.has(waiting) !== true) return;
    if (waiting === this.#first) this.#skips = 0;
    queue.waiting.delete(waiting);
    queue.work[kindOf(waiting)] -= waiting.task.estimate;
    this.#arrivals.delete(waiting);
    if (queue.waiting.size === 0) this.#queues.delete(client);
  }

  /**
   * Records that a new task starts without waiting. It counts as overtaking only if the head waits for room.
   * A head that waits for a large task could not have used the slot.
   */
  skipAhead(fit: (task: Task) => Fit): void {
    const first = this.#first;
    if (first !== undefined && fit(first.task) === 'no-room') this.#skips += 1;
  }

  /** Picks the next task that fits, by turn; null if none fits. Its client moves to the end of the turns. */
  next(fit: (task: Task) => Fit): Waiting | null {
    let lacksRoom = false;
    for (const [client, queue] of this.#queues) {
      for (const waiting of queue.waiting) {
        const isFirst = waiting === this.#first;
        const how = fit(waiting.task);
        if (how === 'fits') {
          if (isFirst) this.#skips = 0;
          else if (lacksRoom) this.#skips += 1;
          this.#queues.delete(client);
          this.#queues.set(client, queue);
          return waiting;
        }
        if (isFirst) lacksRoom = how === 'no-room';
        if (isFirst && lacksRoom && this.hasWaitedLong) return null;
      }
    }
    return null;
  }

  /** Work ahead of a new task of a client: all its own tasks, and equally many of each other client. */
  ahead(client: string): Work {
    const own = this.#queues.get(client)?.waiting.size ?? 0;
    const ahead = { small: 0, large: 0 };
    for (const [name, { waiting, work }] of this.#queues) {
      const share = name === client ? 1 : Math.min(1, (own + 1) / waiting.size);
      ahead.small += share * work.small;
      ahead.large += share * work.large;
    }
    return ahead;
  }

  /** The newest task of the client with most waiting tasks; null if no client has more than this one would have. */
  evictFromLongestQueue(client: string): Waiting | null {
    let longest: ReadonlySet<Waiting> = new Set();
    for (const { waiting } of this.#queues.values()) if (waiting.size > longest.size) longest = waiting;
    const own = this.#queues.get(client)?.waiting.size ?? 0;
    return longest.size <= own + 1 ? null : ([...longest].at(-1) ?? null);
  }

  get #first(): Waiting | undefined {
    const [queue] = this.#queues.values();
    return queue?.waiting.values().next().value;
  }
}

const kindOf = ({ task }: Waiting): keyof Work => (task.isLarge ? 'large' : 'small');

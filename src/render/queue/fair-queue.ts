import type { Failure } from '../../errors.ts';

/** Something to be rendered, as far as admission is concerned. */
export interface Task {
  /** Bytes of decoded pixels at its peak. */
  readonly memory: number;
  /** Milliseconds that it is expected to take on this machine. */
  readonly estimate: number;
  /** Large renders leave one place to the small ones. */
  readonly isLarge: boolean;
}

/** A task that waits for a place. */
export interface Waiting {
  readonly task: Task;
  /** When it began to wait, in milliseconds of the monotonic clock. */
  readonly since: number;
  readonly admit: () => void;
  readonly refuse: (failure: Failure) => void;
}

/** Whether a task can begin: `after-large` waits for another large one to end, `no-room` for any. */
export type Fit = 'fits' | 'no-room' | 'after-large';

/** Estimated milliseconds of work, the small apart from the large. */
export interface Work {
  readonly small: number;
  readonly large: number;
}

interface Queue {
  readonly waiting: Set<Waiting>;
  readonly work: { small: number; large: number };
}

/** So often others may be let in before the first in line because it does not fit; then all wait with it. */
const maxSkips = 16;

/** Who waits, by client: turns go around among them. */
export class FairQueue {
  /** Clients in the order of their turns, with what each waits for. */
  readonly #queues = new Map<string, Queue>();
  /** All that wait, in order of arrival. */
  readonly #arrivals = new Set<Waiting>();
  #skips = 0;

  get size(): number {
    return this.#arrivals.size;
  }

  /** Whether the first in line was overtaken often enough. */
  get hasWaitedLong(): boolean {
    return this.#skips >= maxSkips;
  }

  /** Milliseconds that the head of the queue, which waits longest, has waited; 0 where nothing waits. */
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
   * A task that never waited is let in. What waits for a large one to end loses nothing by it: the place that is taken was
   * never its own.
   */
  skipAhead(fit: (task: Task) => Fit): void {
    const first = this.#first;
    if (first !== undefined && fit(first.task) === 'no-room') this.#skips += 1;
  }

  /** Whose turn it is of those that fit; null where none does. The client's next turn comes after everybody else's. */
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

  /** Work that comes before one more task of a client: all of its own, and as many of each other client's. */
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

  /** The newest wish of the client that waits for most; null where nobody waits for more than this client would. */
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

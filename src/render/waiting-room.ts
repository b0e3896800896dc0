import type { Failure } from '../errors.ts';
import type { Cost } from './cost.ts';

/** Somebody who waits for a place. */
export interface Waiting {
  readonly cost: Cost;
  readonly admit: () => void;
  readonly refuse: (failure: Failure) => void;
}

/** So often others may be let in before the first in line because it does not fit; then all wait with it. */
const mostOvertakings = 16;

/** Who waits, by client: turns go around among them. */
export class WaitingRoom {
  /** Clients in the order of their turns, with what each waits for. */
  readonly #queues = new Map<string, Set<Waiting>>();
  #size = 0;
  #overtakings = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether the first in line was overtaken often enough. */
  get isImpatient(): boolean {
    return this.#overtakings >= mostOvertakings;
  }

  add(client: string, waiting: Waiting): void {
    this.#size += 1;
    this.#queues.set(client, (this.#queues.get(client) ?? new Set()).add(waiting));
  }

  remove(client: string, waiting: Waiting): void {
    const queue = this.#queues.get(client);
    if (queue?.has(waiting) !== true) return;
    if (waiting === this.#first) this.#overtakings = 0;
    queue.delete(waiting);
    this.#size -= 1;
    if (queue.size === 0) this.#queues.delete(client);
  }

  /** Somebody who never waited was let in. */
  overtake(): void {
    if (this.#size > 0) this.#overtakings += 1;
  }

  /** Whose turn it is of those that fit; null where none does. The client's next turn comes after everybody else's. */
  next(fits: (cost: Cost) => boolean): Waiting | null {
    for (const [client, queue] of this.#queues) {
      for (const waiting of queue) {
        const isFirst = waiting === this.#first;
        if (fits(waiting.cost)) {
          if (!isFirst) this.#overtakings += 1;
          else this.#overtakings = 0;
          this.#queues.delete(client);
          this.#queues.set(client, queue);
          return waiting;
        }
        if (isFirst && this.isImpatient) return null;
      }
    }
    return null;
  }

  /** Estimated milliseconds of work that comes before one more wish of a client. */
  ahead(client: string): number {
    const own = this.#queues.get(client)?.size ?? 0;
    const before = [...this.#queues].flatMap(([name, queue]) =>
      name === client ? [...queue] : [...queue].slice(0, own + 1),
    );
    return before.reduce((sum, { cost }) => sum + cost.milliseconds, 0);
  }

  /** The newest wish of the client that waits for most; null where nobody waits for more than this client would. */
  newestOfGreediest(client: string): Waiting | null {
    const [longest] = [...this.#queues.values()].sort((a, b) => b.size - a.size);
    const own = this.#queues.get(client)?.size ?? 0;
    if (longest === undefined || longest.size <= own + 1) return null;
    return [...longest].at(-1) ?? null;
  }

  get #first(): Waiting | undefined {
    const [queue] = this.#queues.values();
    return queue?.values().next().value;
  }
}

import { Failure } from '../errors.ts';

export interface GateLimits {
  /** Renders at once. */
  readonly renders: number;
  /** Renders waiting. */
  readonly queue: number;
  /** Longest wait in milliseconds. */
  readonly queueWait: number;
}

interface Waiting {
  readonly admit: () => void;
}

/** Lets a bounded number of renders run and a bounded number wait a bounded time; refuses everyone else at once. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #queue = new Set<Waiting>();
  #running = 0;
  #closed = false;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Runs `work` when there is room. Throws `overloaded` with Retry-After where the queue or the wait is full. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Refuses whoever comes from now on; what runs or waits is finished. */
  close(): void {
    this.#closed = true;
  }

  async #enter(): Promise<void> {
    if (this.#closed) throw busy('Draining, try another node', 1);
    if (this.#running < this.#limits.renders) {
      this.#running += 1;
      return;
    }
    if (this.#queue.size >= this.#limits.queue) throw busy(`Expected at most ${this.#limits.queue} renders waiting`, 1);
    await this.#wait();
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { queueWait } = this.#limits;
      const waiting: Waiting = {
        admit: () => {
          clearTimeout(timer);
          this.#queue.delete(waiting);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#queue.delete(waiting);
        reject(busy(`Expected a free place within ${queueWait} ms`, Math.ceil(queueWait / 1000)));
      }, queueWait);
      this.#queue.add(waiting);
    });
  }

  /** The place goes to the longest waiting, so it is never free for a newcomer in between. */
  #leave(): void {
    const [next] = this.#queue;
    if (next === undefined) this.#running -= 1;
    else next.admit();
  }
}

function busy(sentence: string, retryAfter: number): Failure {
  return new Failure('overloaded', sentence, { headers: { 'Retry-After': String(retryAfter) } });
}

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
  /** Who begins only while nobody else wants to. */
  readonly #patient = new Set<() => void>();
  #running = 0;
  #quiet = 0;
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

  /**
   * Work whose renders come after those of live requests: it begins while a place is free and nobody waits for one, and
   * takes half of the places at most. Each of its renders passes the gate like any other.
   */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    const { renders } = this.#limits;
    while (this.#running >= renders || this.#quiet >= Math.ceil(renders / 2)) {
      await new Promise<void>((resolve) => this.#patient.add(resolve));
    }
    this.#quiet += 1;
    try {
      return await work();
    } finally {
      this.#quiet -= 1;
      this.#callPatient();
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
    if (next !== undefined) return next.admit();
    this.#running -= 1;
    this.#callPatient();
  }

  /** All of them: one that finds no place waits on. */
  #callPatient(): void {
    const patient = [...this.#patient];
    this.#patient.clear();
    for (const begin of patient) begin();
  }
}

function busy(sentence: string, retryAfter: number): Failure {
  return new Failure('overloaded', sentence, { headers: { 'Retry-After': String(retryAfter) } });
}

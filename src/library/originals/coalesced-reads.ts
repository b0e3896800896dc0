import { SingleFlight } from '../../concurrency/single-flight.ts';

/** Whether every change since a time, by the monotonic clock, was heard here. */
export type IsInSync = (since: number) => boolean;

/**
 * Readings that many wait for. Who hears of changes may share one that is under way. Who does not gets the outcome of one that
 * began after he asked: then of each key one at most is under way, and one, for all who came meanwhile, begins when it has ended.
 */
export class CoalescedReads<T> {
  readonly #isInSync: IsInSync;
  readonly #shared = new SingleFlight<T>();
  /** When the last shared reading of each key began. */
  readonly #began = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<T>>();

  constructor(isInSync: IsInSync) {
    this.#isInSync = isInSync;
  }

  async join(key: string, read: () => Promise<T>): Promise<T> {
    if (this.#isInSync(performance.now())) return this.#share(key, read);
    const next = this.#next.get(key) ?? this.#begin(key, read);
    this.#next.set(key, next);
    return next;
  }

  /** Whoever comes from now on shares nothing that is under way. */
  invalidate(key: string): void {
    this.#shared.abandon(key);
  }

  async #share(key: string, read: () => Promise<T>): Promise<T> {
    const now = performance.now();
    // One that began before something went unheard may miss it.
    if (!this.#isInSync(this.#began.get(key) ?? now)) this.#shared.abandon(key);
    if (!this.#shared.has(key)) this.#began.set(key, now);
    try {
      return (await this.#shared.join(key, read)).value;
    } finally {
      if (!this.#shared.has(key)) this.#began.delete(key);
    }
  }

  async #begin(key: string, read: () => Promise<T>): Promise<T> {
    // Also where nothing is under way: whoever asks in the same breath shares the reading.
    await this.#running.get(key);
    this.#next.delete(key);
    const reading = read();
    const ended = reading.then(
      () => {},
      () => {},
    );
    this.#running.set(key, ended);
    void ended.then(() => {
      if (this.#running.get(key) === ended) this.#running.delete(key);
    });
    return reading;
  }
}

interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly abandon: AbortController;
  waiting: number;
}

/** Makes many requests for one thing one piece of work, as long as that work is under way. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * `collapsed` is true for everyone but the first. All share the outcome, a failure included; nothing is remembered.
   * `leaves` is aborted when one of them goes away; once all have gone, the work's own signal is, and whoever comes then
   * starts anew. Who has no such signal waits to the end.
   */
  async join(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    leaves: AbortSignal | null = null,
  ): Promise<{ readonly value: T; readonly collapsed: boolean }> {
    const running = this.#flights.get(key);
    const flight = running ?? this.#start(key, work);
    flight.waiting += 1;
    const leave = () => this.#leave(key, flight);
    if (leaves?.aborted === true) leave();
    leaves?.addEventListener('abort', leave, { once: true });
    try {
      return { value: await flight.outcome, collapsed: running !== undefined };
    } finally {
      leaves?.removeEventListener('abort', leave);
      this.#end(key, flight);
    }
  }

  /** Whoever comes from now on starts anew. */
  abandon(key: string): boolean {
    return this.#flights.delete(key);
  }

  has(key: string): boolean {
    return this.#flights.has(key);
  }

  keys(): Iterable<string> {
    return this.#flights.keys();
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abandon = new AbortController();
    const flight = { outcome: work(abandon.signal), abandon, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #leave(key: string, flight: Flight<T>): void {
    flight.waiting -= 1;
    if (flight.waiting > 0) return;
    this.#end(key, flight);
    flight.abandon.abort();
  }

  #end(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

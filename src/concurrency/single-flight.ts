interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly abandon: AbortController;
  waiting: number;
}

/** Request coalescing: concurrent calls with one key share one execution. Results are not kept. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * Runs `work`, or joins the execution that is under way for this key. `collapsed` is true for calls that joined.
   * All calls get the same result or failure. A call with a `leaves` signal counts as gone once that aborts.
   * When all calls are gone, the signal passed to `work` aborts, and the next call starts a new execution.
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

  /** Later calls start a new execution. Returns whether one was under way. */
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

/** Makes many requests for one thing one piece of work, as long as that work is under way. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  /** `collapsed` is true for everyone but the first. All share the outcome, a failure included; nothing is remembered. */
  async join(key: string, work: () => Promise<T>): Promise<{ readonly value: T; readonly collapsed: boolean }> {
    const running = this.#flights.get(key);
    if (running !== undefined) return { value: await running, collapsed: true };
    const flight = work();
    this.#flights.set(key, flight);
    try {
      return { value: await flight, collapsed: false };
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  /** Whoever comes from now on starts anew. */
  forget(key: string): boolean {
    return this.#flights.delete(key);
  }

  has(key: string): boolean {
    return this.#flights.has(key);
  }

  keys(): Iterable<string> {
    return this.#flights.keys();
  }
}

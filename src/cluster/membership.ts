/**
 * Whether this node hears of everything. It says so to itself through Redis: who hears his own beat has heard whatever was
 * published before it, and until the lease that came with the beat is over, whoever publishes waits for him. Times in
 * milliseconds of the monotonic clock.
 */
export class SyncTracker {
  /** Shorter than the lease Redis counts, for clocks that run apart. */
  readonly #trusted: number;
  readonly #sent = new Map<number, number>();
  #beats = 0;
  /** Everything told after this was heard … */
  #since = Number.POSITIVE_INFINITY;
  /** … up to this. */
  #until = 0;

  constructor(lease: number) {
    this.#trusted = lease * 0.9;
  }

  /** To be called right before a beat is sent; answers its number. */
  beat(): number {
    this.#beats += 1;
    this.#sent.set(this.#beats, performance.now());
    return this.#beats;
  }

  /** Its lease began after it was sent. */
  heard(beat: number): void {
    const sent = this.#sent.get(beat);
    if (sent === undefined) return;
    for (const earlier of this.#sent.keys()) if (earlier <= beat) this.#sent.delete(earlier);
    const now = performance.now();
    if (now >= this.#until) this.#since = now;
    this.#until = Math.max(this.#until, sent + this.#trusted);
  }

  /** Something may have been missed. */
  end(): void {
    this.#until = 0;
    this.#sent.clear();
  }

  hears(since: number): boolean {
    return performance.now() < this.#until && since >= this.#since;
  }
}

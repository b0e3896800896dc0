/**
 * Tracks whether this node receives all messages of the cluster. The node sends heartbeats to itself through Redis. A
 * node that receives its own heartbeat has received every earlier message. Publishers wait for this node until the
 * lease of its last heartbeat ends. Times are milliseconds of the monotonic clock.
 */
export class SyncTracker {
  /** Shorter than the lease in Redis, because clocks drift. */
  readonly #trusted: number;
  readonly #sent = new Map<number, number>();
  #beats = 0;
  /** Every message published after this time was received. */
  #since = Number.POSITIVE_INFINITY;
  /** End of the period for which `#since` holds. */
  #until = 0;

  constructor(lease: number) {
    this.#trusted = lease * 0.9;
  }

  /** Returns the number of the next heartbeat. Call it right before sending. */
  beat(): number {
    this.#beats += 1;
    this.#sent.set(this.#beats, performance.now());
    return this.#beats;
  }

  /** Records a received heartbeat. Its lease runs from the time it was sent. */
  received(beat: number): void {
    const sent = this.#sent.get(beat);
    if (sent === undefined) return;
    for (const earlier of this.#sent.keys()) if (earlier <= beat) this.#sent.delete(earlier);
    const now = performance.now();
    if (now >= this.#until) this.#since = now;
    this.#until = Math.max(this.#until, sent + this.#trusted);
  }

  /** Marks this node as out of sync, because it may have missed messages. */
  end(): void {
    this.#until = 0;
    this.#sent.clear();
  }

  isInSyncSince(since: number): boolean {
    return performance.now() < this.#until && since >= this.#since;
  }
}

import type { Cost } from '../planning/cost.ts';

/** Milliseconds below which a render is not measured, because other load distorts it. */
const minTelling = 50;

/** Weight of the latest render in the average. */
const newest = 0.1;

/** Limits of the measured ratio of a single render. */
const fastest = 0.05;
const slowest = 20;

/**
 * Estimates render times on this machine, by learning from finished renders. The fixed part of a cost does not scale.
 */
export class Speed {
  /** Milliseconds on this machine per estimated millisecond. */
  #pace = 1;

  /** Expected milliseconds of a render on this machine. */
  of({ fixed, milliseconds }: Cost): number {
    return fixed + milliseconds * this.#pace;
  }

  /** Learns from a finished render. `took`: milliseconds. */
  learn({ fixed, milliseconds }: Cost, took: number): void {
    if (took < minTelling || milliseconds < 1) return;
    const pace = Math.min(slowest, Math.max(fastest, (took - fixed) / milliseconds));
    this.#pace += newest * (pace - this.#pace);
  }
}

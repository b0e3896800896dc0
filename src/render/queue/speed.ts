import type { Cost } from '../planning/cost.ts';

/** Shorter renders say more about what else the machine does than about how fast it is. */
const minTelling = 50;

/** How much the newest render says about the speed of this machine. */
const newest = 0.1;

/** How much faster or slower than the machine of the estimates one render may look. */
const fastest = 0.05;
const slowest = 20;

/** Learns how fast this machine works on pixels; the fixed part of a render is the same everywhere. */
export class Speed {
  /** Milliseconds here for an estimated one. */
  #pace = 1;

  /** Milliseconds that a render is expected to take here. */
  of({ fixed, milliseconds }: Cost): number {
    return fixed + milliseconds * this.#pace;
  }

  /** `took`: milliseconds. */
  learn({ fixed, milliseconds }: Cost, took: number): void {
    if (took < minTelling || milliseconds < 1) return;
    const pace = Math.min(slowest, Math.max(fastest, (took - fixed) / milliseconds));
    this.#pace += newest * (pace - this.#pace);
  }
}

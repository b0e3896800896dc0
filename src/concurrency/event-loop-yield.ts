/** Milliseconds of work between two rests. */
const stretch = 5;
/** How much longer a rest is than the work before it. */
const idleness = 4;
/** Milliseconds: what a busy thread did for others meanwhile must not stop the work for long. */
const maxRest = 50;

/** Lets long work of this thread take a fifth of it at most, so that live requests wait for none of it. */
export class YieldToRequests {
  #since = performance.eventLoopUtilization();

  /** Between two pieces of work, which take less than a millisecond each. Waiting for a store is no work. */
  async yield(): Promise<void> {
    const { active } = performance.eventLoopUtilization(this.#since);
    if (active < stretch) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(active * idleness, maxRest)));
    this.#since = performance.eventLoopUtilization();
  }
}

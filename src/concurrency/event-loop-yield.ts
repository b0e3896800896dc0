/** Milliseconds of work between two pauses. */
const stretch = 5;
/** Length of a pause relative to the work before it. */
const idleness = 4;
/** Maximum pause in milliseconds, so that a thread busy with requests does not stall the work. */
const maxRest = 50;

/** Limits long background work to a fifth of this thread's time, so that requests are not delayed. */
export class YieldToRequests {
  #since = performance.eventLoopUtilization();

  /** Call it between pieces of work of less than 1 ms each. Time spent waiting for I/O does not count as work. */
  async yield(): Promise<void> {
    const { active } = performance.eventLoopUtilization(this.#since);
    if (active < stretch) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(active * idleness, maxRest)));
    this.#since = performance.eventLoopUtilization();
  }
}

import type { MemoryCache } from './memory-cache.ts';

/** Shares of the limit above which variants in memory are given up, and how many of them at a time. */
const high = 0.9;
const givenUp = 0.5;

export interface MemoryReading {
  readonly limit: number;
  readonly used: number;
}

export interface MemoryPressureOptions {
  readonly memory: MemoryCache;
  /** What the container may have and has, in bytes; null where nobody knows. */
  readonly read: () => MemoryReading | null;
  /** Milliseconds between two looks; a second where nothing else is said. */
  readonly every?: number;
  readonly report: (sentence: string, cause: unknown) => void;
}

/** Gives up variants in memory before the kernel ends the process: they are in the bucket, or can be made again. */
export class MemoryPressure {
  readonly #options: MemoryPressureOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: MemoryPressureOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.relieve(), options.every ?? 1000).unref();
  }

  /** Bytes given up. */
  relieve(): number {
    const { memory, read, report } = this.#options;
    const use = read();
    if (use === null || use.used <= use.limit * high || memory.bytes === 0) return 0;
    const freed = memory.shrink(givenUp);
    report('Memory runs short: variants in memory were given up', { ...use, freed });
    return freed;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

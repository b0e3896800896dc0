import { Session } from 'node:inspector/promises';

/** How often functions of a name were called. */
export type CallCounts = (name: string) => number;

/**
 * Counts the calls of named functions and methods, as V8 reports them. A function that V8 has optimized is counted, too.
 * Functions of `node_modules` and of Node are left out.
 */
export class CallCounter {
  readonly #session = new Session();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  }

  /** The calls since `start`, or since the last `take`. */
  async take(): Promise<CallCounts> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const counts = new Map<string, number>();
    for (const { url, functions } of result) {
      if (!url.includes('/dist/') || url.includes('/node_modules/')) continue;
      for (const { functionName, ranges } of functions) {
        counts.set(functionName, (counts.get(functionName) ?? 0) + (ranges[0]?.count ?? 0));
      }
    }
    return (name) => counts.get(name) ?? 0;
  }

  async stop(): Promise<void> {
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}

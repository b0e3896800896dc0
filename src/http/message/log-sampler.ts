import type { RequestLine } from './request-log.ts';

/** Lines of one kind that are written in a second: enough to see what goes on, too few to fill a disk. */
const maxAlike = 20;
const second = 1000;

interface Window {
  begun: number;
  written: number;
  skipped: number;
}

/**
 * Says of each event whether it is written: null where enough of its kind were, else how many of its kind were left out before.
 * Kinds are texts of ours, never of a client.
 */
export function sampler(): (kind: string) => number | null {
  const windows = new Map<string, Window>();
  return (kind) => {
    const now = performance.now();
    const window = windows.get(kind) ?? { begun: now, written: 0, skipped: 0 };
    windows.set(kind, window);
    if (now - window.begun >= second) Object.assign(window, { begun: now, written: 0 });
    if (window.written >= maxAlike) {
      window.skipped += 1;
      return null;
    }
    window.written += 1;
    const { skipped } = window;
    window.skipped = 0;
    return skipped;
  };
}

/** Writes every answer that went well, and some refusals of each status and reason. */
export function sampled(log: (line: RequestLine) => void): (line: RequestLine) => void {
  const sample = sampler();
  return (line) => {
    if (line.status < 400) return log(line);
    const skipped = sample(`${line.status} ${line.failure ?? ''}`);
    if (skipped === null) return undefined;
    return log(skipped === 0 ? line : { ...line, skipped });
  };
}

import type { RequestLine } from './request-log.ts';

/** Lines of refusals alike that are written in a second: enough to see what goes on, too few to fill a disk. */
const maxAlike = 20;
const second = 1000;

interface Window {
  begun: number;
  written: number;
  skipped: number;
}

/**
 * Writes every answer that went well, and of refusals with one status and one reason so many a second. The next line of their
 * kind says how many were left out.
 */
export function sampled(log: (line: RequestLine) => void): (line: RequestLine) => void {
  /** As many as there are statuses and reasons of ours. */
  const windows = new Map<string, Window>();
  return (line) => {
    if (line.status < 400) return log(line);
    const kind = `${line.status} ${line.failure ?? ''}`;
    const now = performance.now();
    const window = windows.get(kind) ?? { begun: now, written: 0, skipped: 0 };
    windows.set(kind, window);
    if (now - window.begun >= second) Object.assign(window, { begun: now, written: 0 });
    if (window.written >= maxAlike) {
      window.skipped += 1;
      return undefined;
    }
    window.written += 1;
    const { skipped } = window;
    window.skipped = 0;
    return log(skipped === 0 ? line : { ...line, skipped });
  };
}

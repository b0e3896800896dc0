import { writeSync } from 'node:fs';

/** Maximum bytes of lines that wait for a slow reader. Lines beyond it are dropped and counted. */
const maxWaiting = 4 * 1024 * 1024;

/** Milliseconds before the next write to a full pipe. */
const retryAfter = 10;

/** Maximum milliseconds to wait for a slow reader when the process exits. */
const maxFlush = 1000;

/** `process.stdout` or `process.stderr`. Node makes their pipe or socket non-blocking on first access. */
interface Output {
  readonly fd: number;
}

/**
 * Writes lines to stdout without blocking the event loop. The lines of one turn are written together, because each call
 * wakes the reader.
 * A stalled reader costs up to `maxWaiting` of memory; then lines are dropped.
 *
 * The writes are synchronous on a non-blocking descriptor. A write in libuv's thread pool would hold its thread while
 * the reader stalls, and `process.exit` waits for threads.
 */
export class LogDestination {
  /** Number of dropped lines: the buffer was full, or the write failed. */
  dropped = 0;
  readonly #fd: number;
  /** Rest of the batch that is being written. Later lines wait in `#lines`. */
  #rest = Buffer.alloc(0);
  #lines: string[] = [];
  #waiting = 0;
  #isDue = false;

  constructor({ fd }: Output) {
    this.#fd = fd;
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#waiting + bytes > maxWaiting) {
      this.dropped += 1;
      return;
    }
    this.#waiting += bytes;
    this.#lines.push(line);
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(this.#flush);
  }

  /** Writes the waiting lines before the process exits, for at most a second. */
  end(): void {
    const deadline = performance.now() + maxFlush;
    while (!this.#writeAll() && performance.now() < deadline) pause(retryAfter);
  }

  readonly #flush = (): void => {
    this.#isDue = !this.#writeAll();
    if (this.#isDue) setTimeout(this.#flush, retryAfter).unref();
  };

  /** Returns true once nothing is left, false while the pipe is full. */
  #writeAll(): boolean {
    while (this.#waiting > 0) {
      if (this.#rest.length === 0) this.#rest = Buffer.from(this.#lines.splice(0).join(''));
      try {
        const written = writeSync(this.#fd, this.#rest);
        this.#rest = this.#rest.subarray(written);
        this.#waiting -= written;
      } catch (error) {
        if (isFull(error)) return false;
        this.#drop();
      }
    }
    return true;
  }

  /** Drops all waiting lines, because the reader has gone or the disk is full. Later lines are tried again. */
  #drop(): void {
    this.dropped += this.#lines.length + this.#rest.filter((byte) => byte === newline).length;
    this.#lines = [];
    this.#rest = Buffer.alloc(0);
    this.#waiting = 0;
  }
}

/** Writes text before the process exits, for at most a second. The rest is lost. */
export function writeBeforeEnd({ fd }: Output, text: string): void {
  const deadline = performance.now() + maxFlush;
  let rest = Buffer.from(text);
  while (rest.length > 0 && performance.now() < deadline) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if (!isFull(error)) return;
      pause(retryAfter);
    }
  }
}

const newline = 10;

/** Whether the error is a full pipe. A full disk gives another code. */
function isFull(error: unknown): boolean {
  return Object(error).code === 'EAGAIN';
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

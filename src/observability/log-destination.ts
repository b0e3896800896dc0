import { writeSync } from 'node:fs';

/** Bytes of lines that wait for a slow reader, at most. A line that does not fit is dropped and counted. */
const maxWaiting = 4 * 1024 * 1024;

/** Milliseconds until a full pipe is tried again. */
const retryAfter = 10;

/** Milliseconds that the end of the process waits for a slow reader, at most. */
const maxFlush = 1000;

/** `process.stdout` or `process.stderr`: Node makes a pipe or a socket non-blocking when the stream is first asked for. */
interface Output {
  readonly fd: number;
}

/**
 * Writes lines to stdout without ever blocking the event loop. The lines of one turn are written at its end, in one call: a
 * call for each line would wake the reader as often. A reader that stalls costs memory up to `maxWaiting`, then lines.
 *
 * The writes are synchronous on a descriptor that is non-blocking: a write in libuv's thread pool would hold that thread for
 * as long as the reader stalls, and `process.exit` waits for the threads. A file or a terminal is written to as ever.
 */
export class LogDestination {
  /** Lines that fit nowhere, or whose write failed. */
  dropped = 0;
  readonly #fd: number;
  /** The rest of what is being written; the lines after it are still apart. */
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

  /** Writes what waits before the process ends, for at most a second. */
  end(): void {
    const deadline = performance.now() + maxFlush;
    while (!this.#writeAll() && performance.now() < deadline) pause(retryAfter);
  }

  readonly #flush = (): void => {
    this.#isDue = !this.#writeAll();
    if (this.#isDue) setTimeout(this.#flush, retryAfter).unref();
  };

  /** Whether nothing is left: false while the pipe is full. */
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

  /** The reader has gone, or the disk is full: what waits is lost, what comes later is tried. */
  #drop(): void {
    this.dropped += this.#lines.length + this.#rest.filter((byte) => byte === newline).length;
    this.#lines = [];
    this.#rest = Buffer.alloc(0);
    this.#waiting = 0;
  }
}

/** Writes text before the process ends, for at most a second; what its reader does not take by then is lost. */
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

/** A pipe without room says so, as a disk without it does not. */
function isFull(error: unknown): boolean {
  return Object(error).code === 'EAGAIN';
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

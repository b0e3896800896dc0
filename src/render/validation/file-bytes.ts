import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const windowSize = 64 * 1024;

/**
 * Random access to a file of any size through one small buffer.
 * Synchronous, because parsers take thousands of small steps, and validation runs in a process of its own.
 */
export class FileBytes {
  readonly size: number;
  readonly #descriptor: number;
  #window = Buffer.alloc(0);
  #start = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    this.size = fstatSync(this.#descriptor).size;
  }

  /** Up to `length` bytes from `offset`, fewer at the end of the file. The view is valid until the next call. */
  at(offset: number, length: number): Buffer {
    if (offset < this.#start || offset + length > this.#start + this.#window.length) this.#move(offset, length);
    return this.#window.subarray(offset - this.#start, offset - this.#start + length);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #move(offset: number, length: number): void {
    const wanted = Math.max(0, Math.min(Math.max(length, windowSize), this.size - offset));
    const bytes = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(this.#descriptor, bytes, filled, wanted - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    this.#window = bytes.subarray(0, filled);
    this.#start = offset;
  }
}

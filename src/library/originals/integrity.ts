import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { Failure, shorten } from '../../errors.ts';
import type { Report } from '../../observability/report.ts';
import type { Original } from '../original.ts';

/** Originals whose bytes were seen to be whole since the start. */
const maxRemembered = 100_000;

/** Holds the bytes of originals to their SHA-256 on first use after a start: better no picture than a wrong one for a year. */
export class Integrity {
  readonly #whole = new LRUCache<string, true>({ max: maxRemembered });
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** For bytes that this process has just hashed itself. */
  trust(original: Original): void {
    this.#whole.set(original.blob, true);
  }

  /** Throws `damaged-original` where the file is not what was stored. */
  async verifyChecksum(original: Original, path: string): Promise<void> {
    if (this.#whole.has(original.blob)) return;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) hash.update(chunk);
    this.#verdict(original, hash.digest('hex'));
  }

  /** The same for a stream of the whole: what is damaged ends in an error before its last piece, so nobody takes it for whole. */
  verifyStream(original: Original, stream: Readable): Readable {
    return this.#whole.has(original.blob)
      ? stream
      : Readable.from(this.#guarded(original, stream), { objectMode: false });
  }

  async *#guarded(original: Original, stream: Readable): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let held: Uint8Array | null = null;
    for await (const chunk of stream) {
      if (held !== null) yield held;
      hash.update(chunk);
      held = chunk;
    }
    this.#verdict(original, hash.digest('hex'));
    if (held !== null) yield held;
  }

  #verdict(original: Original, version: string): void {
    if (version === original.version) {
      this.#whole.set(original.blob, true);
      return;
    }
    const failure = new Failure('damaged-original', `The bytes of "${shorten(original.id)}" are not what was stored`);
    this.#report('A stored original is damaged', { id: original.id, blob: original.blob, found: version });
    throw failure;
  }
}

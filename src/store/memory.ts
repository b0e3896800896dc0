import { readFile, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Failure } from '../errors.ts';
import type { Blob, BlobBody, BlobEntry, BlobPage, BlobStore, ByteRange, LocalFile } from './blob-store.ts';
import { exactStream } from './exact-stream.ts';
import { onDisk } from './folder/disk-failure.ts';
import { checkKey, checkPage, checkRange } from './keys.ts';
import type { Spool } from './s3/spool.ts';

interface Kept {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tag: string;
  readonly modified: number;
}

/** Stores blobs in this process's memory, for trials and tests. Bytes are copied in and out. */
export class MemoryStore implements BlobStore {
  readonly name = 'memory:';
  readonly #spool: Spool;
  readonly #kept = new Map<string, Kept>();
  /** All keys in byte order; null after a key was added or removed. */
  #order: readonly string[] | null = [];
  #writes = 0;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  async get(key: string): Promise<Blob | null> {
    checkKey(key);
    const kept = this.#kept.get(key);
    return kept === undefined ? null : { bytes: kept.bytes.slice(), tag: kept.tag };
  }

  async read(key: string, range?: ByteRange): Promise<Readable | null> {
    checkKey(key);
    checkRange(range);
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    const bytes = range === undefined ? kept.bytes : kept.bytes.subarray(range.start, range.end + 1);
    const expected = range === undefined ? bytes.byteLength : range.end - range.start + 1;
    return exactStream(streamOf(bytes), { bytes: expected, explain: interrupted });
  }

  async stat(key: string): Promise<BlobEntry | null> {
    checkKey(key);
    const kept = this.#kept.get(key);
    return kept === undefined ? null : entryOf(key, kept);
  }

  async put(key: string, body: BlobBody): Promise<void> {
    checkKey(key);
    const bytes = await bytesOf(body);
    this.#keep(key, bytes);
    await this.#spool.invalidate(key);
  }

  async putIfAbsent(key: string, body: BlobBody): Promise<boolean> {
    checkKey(key);
    if (this.#kept.has(key)) return false;
    const bytes = await bytesOf(body);
    if (this.#kept.has(key)) return false;
    this.#keep(key, bytes);
    return true;
  }

  async replaceIf(key: string, body: Uint8Array<ArrayBuffer>, tag: string): Promise<string | null> {
    checkKey(key);
    if (this.#kept.get(key)?.tag !== tag) return null;
    const written = this.#keep(key, body.slice());
    await this.#spool.invalidate(key);
    return written.tag;
  }

  async touch(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    for (const key of keys) {
      const kept = this.#kept.get(key);
      if (kept !== undefined) this.#kept.set(key, { ...kept, modified: Date.now() });
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    for (const key of keys) {
      if (this.#kept.delete(key)) this.#order = null;
      await this.#spool.invalidate(key);
    }
  }

  async list(prefix: string, page: { readonly after?: string; readonly limit: number }): Promise<BlobPage> {
    checkPage(prefix, page.limit);
    const after = page.after ?? '';
    this.#order ??= [...this.#kept.keys()].sort();
    const from = firstNotBelow(this.#order, after > prefix ? after : prefix);
    const entries: BlobEntry[] = [];
    for (const key of this.#order.slice(from, from + page.limit + 2)) {
      const kept = this.#kept.get(key);
      if (kept !== undefined && key > after && key.startsWith(prefix)) entries.push(entryOf(key, kept));
    }
    const shown = entries.slice(0, page.limit);
    return { entries: shown, next: entries.length > page.limit ? (shown.at(-1)?.key ?? null) : null };
  }

  async localPath(key: string): Promise<LocalFile | null> {
    checkKey(key);
    return this.#spool.obtain(key, async (path, reserve) => {
      const kept = this.#kept.get(key);
      if (kept === undefined) return false;
      await reserve(kept.bytes.byteLength);
      await writeFile(path, kept.bytes, { mode: 0o640 });
      return true;
    });
  }

  clock(): number | null {
    return null;
  }

  async probe(): Promise<void> {
    // Memory is always available.
  }

  async close(): Promise<void> {
    this.#kept.clear();
    this.#order = null;
    await this.#spool.close();
  }

  #keep(key: string, bytes: Uint8Array<ArrayBuffer>): Kept {
    if (!this.#kept.has(key)) this.#order = null;
    this.#writes += 1;
    const kept = { bytes, tag: String(this.#writes), modified: Date.now() };
    this.#kept.set(key, kept);
    return kept;
  }
}

function entryOf(key: string, kept: Kept): BlobEntry {
  return { key, bytes: kept.bytes.byteLength, modified: kept.modified };
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): Readable {
  return Readable.from(bytes.byteLength === 0 ? [] : [bytes.slice()], { objectMode: false });
}

/** Reads the body; a file is removed afterwards, as `BlobBody` allows. */
async function bytesOf(body: BlobBody): Promise<Uint8Array<ArrayBuffer>> {
  if (body instanceof Uint8Array) return body.slice();
  return onDisk('take a finished file', async () => {
    const bytes = new Uint8Array(await readFile(body.path));
    await rm(body.path, { force: true });
    return bytes;
  });
}

function interrupted(cause: unknown): Failure {
  return new Failure('store-unreachable', 'Reading the blob was interrupted; retry', { cause });
}

/** Index of the first key that is not less than `bound`, by binary search. `order` is sorted. */
function firstNotBelow(order: readonly string[], bound: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] ?? '') < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

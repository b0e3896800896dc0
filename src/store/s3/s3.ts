import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inBatches } from '../../concurrency/batches.ts';
import { Failure } from '../../errors.ts';
import type { Blob, BlobBody, BlobEntry, BlobPage, BlobStore, ByteRange, LocalFile } from '../blob-store.ts';
import { exactStream, shortRead } from '../exact-stream.ts';
import { onDisk } from '../folder/disk-failure.ts';
import { checkKey, checkPage, checkRange, isStorageKey } from '../keys.ts';
import { type IncomingObject, incomingBytes } from './s3-arriving.ts';
import { type Attempt, maxSilence, persist } from './s3-attempts.ts';
import { type Condition, S3Bucket } from './s3-bucket.ts';
import type { S3Options, S3Place } from './s3-place.ts';
import { isLost, isMissingKey, isUnknownToServer, lacksConditions, s3ErrorText, s3Failure } from './s3-trouble.ts';
import type { Spool } from './spool.ts';

/** S3's limit of keys in one DeleteObjects call. */
const maxDeletes = 1000;

/**
 * Stores blobs as objects under a prefix of a bucket. The server needs conditional writes.
 * Throttled calls, lost connections and cut bodies are retried within the deadline. Only `NoSuchKey` is a missing blob.
 */
export class S3Store implements BlobStore {
  readonly name: string;
  readonly #bucket: S3Bucket;
  readonly clock = (): number | null => this.#bucket.clock.now;
  readonly #deadline: number;
  readonly #spool: Spool;
  /** Whether the server supports DeleteObjects; true until it refuses. */
  #deletesMany = true;
  #keepsConditions = false;

  private constructor(name: string, bucket: S3Bucket, deadline: number, spool: Spool) {
    this.name = name;
    this.#bucket = bucket;
    this.#deadline = deadline;
    this.#spool = spool;
  }

  /** Sends no request; `probe` does. */
  static async open(place: S3Place, options: S3Options, spool: Spool): Promise<S3Store> {
    const name = `s3://${place.bucket}/${place.prefix}`.replace(/\/$/, '');
    return new S3Store(name, await S3Bucket.connect(place, options), options.deadline, spool);
  }

  async get(key: string): Promise<Blob | null> {
    checkKey(key);
    return this.#receive(key, async (object, attempt) => {
      const bytes = new Uint8Array(object.bytes);
      let at = 0;
      for await (const chunk of incomingBytes(object, attempt)) {
        bytes.set(chunk, at);
        at += chunk.byteLength;
      }
      return { bytes, tag: object.tag };
    });
  }

  async read(key: string, range?: ByteRange): Promise<Readable | null> {
    checkKey(key);
    checkRange(range);
    const object = await this.#call('read a blob', (attempt) => this.#bucket.fetch(key, attempt, range));
    if (object === null) return null;
    const bytes = range === undefined ? object.bytes : range.end - range.start + 1;
    if (bytes !== object.bytes) {
      object.body.destroy();
      throw shortRead(bytes, object.bytes);
    }
    const explain = (cause: unknown): Failure => s3Failure('send a whole blob', cause);
    return exactStream(object.body, { bytes, patience: maxSilence, explain });
  }

  async stat(key: string): Promise<BlobEntry | null> {
    checkKey(key);
    return this.#call('look up a blob', async (attempt) => {
      const head = await this.#bucket.head(key, attempt);
      if (head !== null) return { key, bytes: head.bytes, modified: head.modified };
      // A 404 to HEAD may mean that the bucket is missing; GET tells the difference.
      const object = await this.#bucket.fetch(key, attempt);
      object?.body.destroy();
      return object === null ? null : { key, bytes: object.bytes, modified: object.modified };
    });
  }

  async put(key: string, body: BlobBody): Promise<void> {
    checkKey(key);
    await this.#write(key, body, (bytes, attempt) => this.#bucket.upload(key, { body, bytes }, attempt));
  }

  async putIfAbsent(key: string, body: BlobBody): Promise<boolean> {
    checkKey(key);
    // Checking first saves the upload of a large file.
    if (!(body instanceof Uint8Array) && (await this.stat(key)) !== null) return false;
    return (await this.#writeIf(key, body, { absent: true, mark: randomUUID() })) !== null;
  }

  async replaceIf(key: string, body: Uint8Array<ArrayBuffer>, tag: string): Promise<string | null> {
    checkKey(key);
    return this.#writeIf(key, body, { tag, mark: randomUUID() });
  }

  /** Does nothing: S3 records when an object was written, not when it was read. */
  async touch(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    for (let from = 0; from < keys.length; from += maxDeletes) {
      await this.#delete(keys.slice(from, from + maxDeletes));
    }
  }

  async list(prefix: string, page: { readonly after?: string; readonly limit: number }): Promise<BlobPage> {
    checkPage(prefix, page.limit);
    const [found, more] = await this.#call('list blobs', (attempt) =>
      this.#bucket.list(prefix, page.after ?? '', page.limit, attempt),
    );
    return {
      entries: found.filter((entry) => isStorageKey(entry.key)),
      next: more ? (found.at(-1)?.key ?? null) : null,
    };
  }

  async localPath(key: string): Promise<LocalFile | null> {
    checkKey(key);
    return this.#spool.obtain(key, async (path, reserve) => {
      const brought = await this.#receive(key, async (object, attempt) => {
        await reserve(object.bytes);
        await pipeline(incomingBytes(object, attempt), createWriteStream(path, { mode: 0o640 }));
        return true;
      });
      return brought ?? false;
    });
  }

  /** Writes, reads and deletes a probe. The first call also checks that the server supports conditional writes. */
  async probe(): Promise<void> {
    // Not a valid key, so listings skip it if it remains.
    const name = `tmp/probe-${randomUUID()}`;
    const body = new Uint8Array(1);
    this.#keepsConditions ||= await this.#checkConditions(name);
    if (!this.#keepsConditions) {
      await this.#delete([name]);
      throw lacksConditions('It wrote although the condition did not hold');
    }
    await this.#write(name, body, (bytes, attempt) => this.#bucket.upload(name, { body, bytes }, attempt));
    const read = await this.#receive(name, async (object) => object.bytes);
    await this.#delete([name]);
    if (read !== body.byteLength) throw shortRead(body.byteLength, read ?? 0);
  }

  async close(): Promise<void> {
    this.#bucket.close();
    await this.#spool.close();
  }

  async #call<T>(action: string, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    try {
      return await persist(this.#deadline, work);
    } catch (error) {
      throw s3Failure(action, error);
    }
  }

  async #receive<T>(key: string, consume: (object: IncomingObject, attempt: Attempt) => Promise<T>): Promise<T | null> {
    return this.#call('read a blob', async (attempt) => {
      const object = await this.#bucket.fetch(key, attempt);
      if (object === null) return null;
      try {
        attempt.allow(object.bytes);
        return await consume(object, attempt);
      } finally {
        // A body that is not read to its end would keep its socket.
        object.body.destroy();
      }
    });
  }

  /** Returns the result of `send`, and removes the body's file unless the result is null. */
  async #write<T>(key: string, body: BlobBody, send: (bytes: number, attempt: Attempt) => Promise<T>): Promise<T> {
    const bytes = await sizeOf(body);
    try {
      const sent = await this.#call('write a blob', (attempt) => send(bytes, attempt));
      if (sent !== null && !(body instanceof Uint8Array)) await rm(body.path, { force: true });
      return sent;
    } finally {
      await this.#spool.invalidate(key);
    }
  }

  /** Returns the new tag, or null if the condition did not hold. */
  async #writeIf(key: string, body: BlobBody, condition: Condition): Promise<string | null> {
    return this.#write(key, body, async (bytes, attempt) => {
      try {
        return await this.#bucket.upload(key, { body, bytes, condition }, attempt);
      } catch (error) {
        if (isUnknownToServer(error)) throw lacksConditions(`It answered ${s3ErrorText(error)}`);
        if (!isLost(error) && !isMissingKey(error)) throw error;
        // An earlier try may have succeeded although its response was lost. The mark then identifies our own write.
        const existing = attempt.number === 1 ? null : await this.#bucket.head(key, attempt);
        return existing?.mark === condition.mark ? existing.tag : null;
      }
    });
  }

  async #delete(keys: readonly string[]): Promise<void> {
    try {
      const left = await this.#deleteMany(keys);
      const refused = (await inBatches(left, (key) => this.#deleteOne(key))).filter((error) => error !== null);
      if (refused[0] === undefined) return;
      const sentence = `The S3 server refused to delete ${refused.length} of ${keys.length} blobs`;
      throw new Failure('store-unreachable', sentence, { cause: refused[0] });
    } finally {
      await inBatches(keys, (key) => this.#spool.invalidate(key));
    }
  }

  /** Returns the error instead of throwing, so that the other deletes continue. */
  async #deleteOne(key: string): Promise<unknown> {
    return this.#call('delete a blob', (attempt) => this.#bucket.delete(key, attempt)).then(
      () => null,
      (error: unknown) => error,
    );
  }

  /** Returns the keys that must be deleted one by one. */
  async #deleteMany(keys: readonly string[]): Promise<readonly string[]> {
    if (!this.#deletesMany || keys.length < 2) return keys;
    const left = await this.#call('delete blobs', (attempt) => this.#bucket.deleteMany(keys, attempt));
    this.#deletesMany = left !== null;
    return left ?? keys;
  }

  async #checkConditions(name: string): Promise<boolean> {
    const write = async (condition: Omit<Condition, 'mark'>): Promise<string | null> =>
      this.#writeIf(name, new Uint8Array(1), { ...condition, mark: randomUUID() });
    const tag = await write({ absent: true });
    if (tag === null || (await write({ tag })) === null) throw lacksConditions('It refused a condition that held');
    return (await write({ absent: true })) === null && (await write({ tag: `"${'0'.repeat(32)}"` })) === null;
  }
}

async function sizeOf(body: BlobBody): Promise<number> {
  if (body instanceof Uint8Array) return body.byteLength;
  return onDisk('read a finished file', async () => (await stat(body.path)).size);
}

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobEntry, ByteRange, LocalFile } from '../blob-store.ts';
import { exactStream } from '../exact-stream.ts';
import { incomingBytes } from './s3-arriving.ts';
import { type Attempt, maxSilence, persist } from './s3-attempts.ts';
import { S3Bucket } from './s3-bucket.ts';
import type { S3Options, S3Place } from './s3-place.ts';
import { s3Failure } from './s3-trouble.ts';
import type { Spool } from './spool.ts';

/** Reads objects of a bucket that other programs write. Keys may be any text; reads require the tag seen before. */
export class S3Reader {
  readonly name: string;
  readonly #bucket: S3Bucket;
  readonly #deadline: number;
  readonly #spool: Spool;

  private constructor(name: string, bucket: S3Bucket, deadline: number, spool: Spool) {
    this.name = name;
    this.#bucket = bucket;
    this.#deadline = deadline;
    this.#spool = spool;
  }

  static async open(place: S3Place, options: S3Options, spool: Spool): Promise<S3Reader> {
    const name = `s3://${place.bucket}/${place.prefix}`;
    return new S3Reader(name, await S3Bucket.connect(place, options), options.deadline, spool);
  }

  /** Returns null if the object does not exist. */
  async tagOf(key: string): Promise<string | null> {
    return this.#call('look up a blob', async (attempt) => {
      const head = await this.#bucket.head(key, attempt);
      if (head !== null) return head.tag;
      // A 404 to HEAD may mean that the bucket is missing; GET tells the difference.
      const object = await this.#bucket.fetch(key, attempt);
      object?.body.destroy();
      return object?.tag ?? null;
    });
  }

  /** Objects whose keys begin with `prefix` and stand behind `after`, and whether there are more. */
  async list(prefix: string, after: string, limit: number): Promise<readonly [readonly BlobEntry[], boolean]> {
    return this.#call('list blobs', (attempt) => this.#bucket.list(prefix, after, limit, attempt));
  }

  /** Streams the object; null if its tag has changed. */
  async read(key: string, tag: string, range?: ByteRange): Promise<Readable | null> {
    const object = await this.#call('read a blob', (attempt) => this.#bucket.fetch(key, attempt, range));
    if (object?.tag !== tag) {
      object?.body.destroy();
      return null;
    }
    const explain = (cause: unknown) => s3Failure('send a whole blob', cause);
    return exactStream(object.body, { bytes: object.bytes, patience: maxSilence, explain });
  }

  /** Returns a local copy; null if the object's tag has changed. */
  async localPath(key: string, tag: string): Promise<LocalFile | null> {
    return this.#spool.obtain(`${tag}/${key}`, (path, reserve) =>
      this.#call('bring a blob', async (attempt) => {
        const object = await this.#bucket.fetch(key, attempt);
        if (object?.tag !== tag) {
          object?.body.destroy();
          return false;
        }
        attempt.allow(object.bytes);
        await reserve(object.bytes);
        const bytes = Readable.from(incomingBytes(object, attempt), { objectMode: false });
        await pipeline(bytes, createWriteStream(path, { mode: 0o640 }));
        return true;
      }),
    );
  }

  async close(): Promise<void> {
    this.#bucket.close();
    await this.#spool.close();
  }

  #call<T>(doing: string, attempt: (attempt: Attempt) => Promise<T>): Promise<T> {
    return persist(this.#deadline, attempt).catch((error: unknown) => {
      throw s3Failure(doing, error);
    });
  }
}

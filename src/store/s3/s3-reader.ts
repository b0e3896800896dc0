import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteRange, LocalFile } from '../blob-store.ts';
import { exactStream } from '../exact-stream.ts';
import { incomingBytes } from './s3-arriving.ts';
import { type Attempt, maxSilence, persist } from './s3-attempts.ts';
import { S3Bucket } from './s3-bucket.ts';
import type { S3Options, S3Place } from './s3-place.ts';
import { s3Failure } from './s3-trouble.ts';
import type { Spool } from './spool.ts';

/** Objects of a bucket that others write: whatever their names, each by the tag it had when it was looked at. */
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

  /** Null where nothing stands under the key. */
  async tagOf(key: string): Promise<string | null> {
    return this.#call('look up a blob', async (attempt) => {
      const head = await this.#bucket.head(key, attempt);
      if (head !== null) return head.tag;
      // It may be the bucket that is missing: only GET says which.
      const object = await this.#bucket.fetch(key, attempt);
      object?.body.destroy();
      return object?.tag ?? null;
    });
  }

  /** Null where it has another tag by now. */
  async read(key: string, tag: string, range?: ByteRange): Promise<Readable | null> {
    const object = await this.#call('read a blob', (attempt) => this.#bucket.fetch(key, attempt, range));
    if (object?.tag !== tag) {
      object?.body.destroy();
      return null;
    }
    const explain = (cause: unknown) => s3Failure('send a whole blob', cause);
    return exactStream(object.body, { bytes: object.bytes, patience: maxSilence, explain });
  }

  /** A local copy, or null where the object has another tag by now. */
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

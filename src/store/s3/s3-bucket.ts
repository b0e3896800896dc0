import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { BlobBody, BlobEntry, ByteRange } from '../blob-store.ts';
import type { IncomingObject } from './s3-arriving.ts';
import type { Attempt } from './s3-attempts.ts';
import { ServerClock } from './s3-clock.ts';
import type { S3Options, S3Place } from './s3-place.ts';
import { isLost, isMissingKey, isRefusedForm, s3ErrorOf } from './s3-trouble.ts';

/** Condition of a write, and a mark stored with the object, so that a retry can recognise its own write. */
export interface Condition {
  /** The key is free. */
  readonly absent?: true;
  /** The object has this tag. */
  readonly tag?: string;
  readonly mark: string;
}

export interface S3Upload {
  readonly body: BlobBody;
  readonly bytes: number;
  readonly condition?: Condition;
}

/**
 * Single calls on one bucket under a prefix, without retries. Errors are those of the SDK, which only this file uses.
 */
export class S3Bucket {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly clock: ServerClock;
  /** Whether If-Match needs quotes around the tag; null until known. */
  #quotes: boolean | null = null;

  private constructor(client: S3Client, place: S3Place) {
    this.#client = client;
    this.#bucket = place.bucket;
    this.#prefix = place.prefix;
    this.clock = new ServerClock(client);
  }

  static async connect(place: S3Place, options: S3Options): Promise<S3Bucket> {
    const config = configOf(options);
    const client = new S3Client(config);
    if (options.endpoint === undefined || (await knowsItsRegion(client))) return new S3Bucket(client, place);
    client.destroy();
    // Servers other than AWS have one region, and nearly all accept this name.
    return new S3Bucket(new S3Client({ ...config, region: 'us-east-1' }), place);
  }

  /** Returns null only if the key is missing. */
  async fetch(key: string, attempt: Attempt, range?: ByteRange): Promise<IncomingObject | null> {
    const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end}`;
    const command = new GetObjectCommand({ ...this.#object(key), Range });
    const answer = await nullIfMissing(this.#client.send(command, { abortSignal: attempt.signal }));
    if (answer === null) return null;
    attempt.progress();
    const { Body: body, ContentLength: bytes, ETag: tag, LastModified } = answer;
    if (!(body instanceof Readable) || bytes === undefined || tag === undefined) {
      throw new Error('The response to GetObject has no body, Content-Length or ETag');
    }
    return { key, bytes, tag, modified: LastModified?.getTime() ?? 0, body };
  }

  /** Returns null for 404. HEAD does not say whether the key or the bucket is missing. */
  async head(
    key: string,
    attempt: Attempt,
  ): Promise<(BlobEntry & { readonly tag: string; readonly mark: string }) | null> {
    try {
      const command = new HeadObjectCommand(this.#object(key));
      const answer = await this.#client.send(command, { abortSignal: attempt.signal });
      const modified = answer.LastModified?.getTime() ?? 0;
      const mark = answer.Metadata?.['write'] ?? '';
      return { key, bytes: answer.ContentLength ?? 0, modified, tag: answer.ETag ?? '', mark };
    } catch (error) {
      if (s3ErrorOf(error).status === 404) return null;
      throw error;
    }
  }

  /**
   * Uploads a body of `bytes` bytes. Returns the new tag.
   *
   * If-Match is sent with quotes (RFC 9110 §8.8.3), but some servers (Ceph RGW 16) compare without them. If the first
   * conditional write fails although its tag is current, it is repeated without quotes.
   */
  async upload(key: string, upload: S3Upload, attempt: Attempt): Promise<string> {
    try {
      const tag = await this.#upload(key, upload, attempt);
      if (upload.condition?.tag !== undefined) this.#quotes ??= true;
      return tag;
    } catch (error) {
      const asked = upload.condition?.tag;
      if (!isLost(error) || asked === undefined || this.#quotes !== null) throw error;
      if ((await this.head(key, attempt))?.tag !== asked) throw error;
      const tag = await this.#upload(key, upload, attempt, false);
      this.#quotes = false;
      return tag;
    }
  }

  async #upload(key: string, upload: S3Upload, attempt: Attempt, quotes = this.#quotes ?? true): Promise<string> {
    const { body, bytes, condition } = upload;
    const Body = body instanceof Uint8Array ? body : fileOf(body.path, attempt);
    if (Body instanceof Readable) attempt.allow(bytes);
    else attempt.allowUnseen(bytes);
    const command = new PutObjectCommand({
      ...this.#object(key),
      Body,
      ContentLength: bytes,
      IfNoneMatch: condition?.absent === true ? '*' : undefined,
      IfMatch: quotes ? condition?.tag : condition?.tag?.replaceAll('"', ''),
      Metadata: condition === undefined ? undefined : { write: condition.mark },
    });
    try {
      return (await this.#client.send(command, { abortSignal: attempt.signal })).ETag ?? '';
    } finally {
      if (Body instanceof Readable) Body.destroy();
    }
  }

  async delete(key: string, attempt: Attempt): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#object(key)), { abortSignal: attempt.signal });
  }

  /** Returns the keys (of at most 1000) that were not deleted, or null if the server does not support this call. */
  async deleteMany(keys: readonly string[], attempt: Attempt): Promise<readonly string[] | null> {
    const Objects = keys.map((key) => ({ Key: this.#prefix + key }));
    const command = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } });
    try {
      const answer = await this.#client.send(command, { abortSignal: attempt.signal });
      return (answer.Errors ?? []).map((error) => error.Key?.slice(this.#prefix.length) ?? '');
    } catch (error) {
      if (isRefusedForm(error)) return null;
      throw error;
    }
  }

  /** Entries in byte order, invalid keys included, and whether there are more. */
  async list(prefix: string, after: string, limit: number, attempt: Attempt): Promise<readonly [BlobEntry[], boolean]> {
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: this.#prefix + prefix,
      StartAfter: after === '' ? undefined : this.#prefix + after,
      MaxKeys: limit,
    });
    const answer = await this.#client.send(command, { abortSignal: attempt.signal });
    const entries = (answer.Contents ?? []).map((object) => ({
      key: object.Key?.slice(this.#prefix.length) ?? '',
      bytes: object.Size ?? 0,
      modified: object.LastModified?.getTime() ?? 0,
    }));
    return [entries, answer.IsTruncated === true];
  }

  close(): void {
    this.#client.destroy();
  }

  #object(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }
}

/** Streams a file and reports progress. A read error aborts the try, because the SDK would miss it. */
function fileOf(path: string, attempt: Attempt): Readable {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
      attempt.progress();
      yield chunk;
    }
  }
  return Readable.from(chunks(), { objectMode: false }).on('error', (error) => attempt.fail(error));
}

async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isMissingKey(error)) return null;
    throw error;
  }
}

async function knowsItsRegion(client: S3Client): Promise<boolean> {
  return client.config.region().then(
    () => true,
    () => false,
  );
}

const ignore = (): void => undefined;

function configOf(options: S3Options): S3ClientConfig {
  const agent = { keepAlive: true, maxSockets: Math.max(50, 4 * options.concurrency) };
  const config: S3ClientConfig = {
    forcePathStyle: options.forcePathStyle,
    // Retries are ours (s3-attempts.ts): those of the SDK ignore the deadline and cannot resend a file.
    maxAttempts: 1,
    // A server without support for Expect: 100-continue would delay every upload of 2 MB by 6 s.
    expectContinueHeader: false,
    // The SDK logs to the console what it throws anyway.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    // Each try has its own timers; those of the SDK would also abort slow readers.
    requestHandler: { connectionTimeout: 1000, httpAgent: agent, httpsAgent: agent },
  };
  if (options.endpoint === undefined) return config;
  // Many other servers reject the SDK's newer checksums, or store them as part of the body.
  const checksums = {
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  } as const;
  return { ...config, ...checksums, endpoint: options.endpoint };
}

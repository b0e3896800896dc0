import type { Readable } from 'node:stream';
import type { BlobEntry } from '../blob-store.ts';
import type { Attempt } from './s3-attempts.ts';
import { CutShort } from './s3-trouble.ts';

/** An object whose body is still being received. Consume or destroy the body. */
export interface IncomingObject extends BlobEntry {
  readonly tag: string;
  readonly body: Readable;
}

/** Streams the bytes of an object. Throws `CutShort` if their number differs from Content-Length. */
export async function* incomingBytes(object: IncomingObject, attempt: Attempt): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of object.body as AsyncIterable<Uint8Array>) {
    received += chunk.byteLength;
    if (received > object.bytes) break;
    attempt.progress();
    yield chunk;
  }
  if (received !== object.bytes) throw new CutShort(object.bytes, received);
}

import type { Readable } from 'node:stream';
import type { BlobEntry } from '../blob-store.ts';
import type { Attempt } from './s3-attempts.ts';
import { CutShort } from './s3-trouble.ts';

/** An object whose bytes are on their way: consume or destroy the body. */
export interface IncomingObject extends BlobEntry {
  readonly tag: string;
  readonly body: Readable;
}

/** The bytes of an arriving object; fails with `CutShort` where they are not as many as were announced. */
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

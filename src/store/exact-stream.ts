import { PassThrough, pipeline, type Readable } from 'node:stream';
import { Failure } from '../errors.ts';

/**
 * The same stream, ending with an error where the source gives fewer or more than `expected` bytes, so that a cut body is
 * never taken for a whole one. Every error is a Failure made by `explain`. Destroying it destroys the source.
 */
export function exactStream(source: Readable, expected: number, explain: (cause: unknown) => Failure): Readable {
  let received = 0;
  const checked = new PassThrough({
    transform(chunk: Uint8Array, _encoding, done): void {
      received += chunk.byteLength;
      done(received > expected ? shortRead(expected, received) : null, chunk);
    },
    flush(done): void {
      done(received < expected ? shortRead(expected, received) : null);
    },
    destroy(error, done): void {
      done(error === null || error instanceof Failure ? error : explain(error));
    },
  });
  pipeline(source, checked, () => {
    // The error has reached the reader through `checked` itself.
  });
  return checked;
}

export function shortRead(expected: number, received: number): Failure {
  return new Failure('store-unreachable', `Expected ${expected} bytes from the store but received ${received}`);
}

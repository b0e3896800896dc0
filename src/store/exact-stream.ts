import { PassThrough, pipeline, type Readable } from 'node:stream';
import { Failure } from '../errors.ts';

export interface Expectation {
  readonly bytes: number;
  /** Milliseconds to wait for the next byte; absent if the source cannot stall. */
  readonly patience?: number;
  readonly explain: (cause: unknown) => Failure;
}

/**
 * Wraps a stream so that it fails if the source ends early, sends too many bytes, or stalls. A slow reader does not
 * count as a stall. Errors are made by `explain`. Destroying the stream destroys the source.
 */
export function exactStream(source: Readable, { bytes: expected, patience, explain }: Expectation): Readable {
  let received = 0;
  let seen = 0;
  const checked = new PassThrough({
    transform(chunk: Uint8Array, _encoding, done): void {
      received += chunk.byteLength;
      done(received > expected ? shortRead(expected, received) : null, chunk);
    },
    flush(done): void {
      done(received < expected ? shortRead(expected, received) : null);
    },
    destroy(error, done): void {
      clearInterval(watching);
      done(error === null || error instanceof Failure ? error : explain(error));
    },
  });
  const hungry = (): boolean => checked.readableLength === 0 && checked.writableLength === 0;
  const check = (): void => {
    if (received === seen && hungry()) checked.destroy(explain(new Error(`No byte arrived for ${patience} ms`)));
    seen = received;
  };
  const watching = patience === undefined ? undefined : setInterval(check, patience).unref();
  pipeline(source, checked, () => {
    // The reader receives the error from `checked`.
  });
  return checked;
}

export function shortRead(expected: number, received: number): Failure {
  return new Failure('store-unreachable', `Expected ${expected} bytes from the store but received ${received}`);
}

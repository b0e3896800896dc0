import { PassThrough, pipeline, type Readable } from 'node:stream';
import { Failure } from '../errors.ts';

export interface Expectation {
  readonly bytes: number;
  /** Milliseconds a reader waits for the next byte; absent where the source cannot hang. */
  readonly patience?: number;
  readonly explain: (cause: unknown) => Failure;
}

/**
 * The same stream, ending with an error where the source gives fewer or more bytes than expected, so that a cut body is
 * never taken for a whole one, and where it hangs (a reader who is slow himself is waited for). Every error is a Failure
 * made by `explain`. Destroying it destroys the source.
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
  const look = (): void => {
    if (received === seen && hungry()) checked.destroy(explain(new Error(`Nothing came for ${patience} ms`)));
    seen = received;
  };
  const watching = patience === undefined ? undefined : setInterval(look, patience).unref();
  pipeline(source, checked, () => {
    // The error has reached the reader through `checked` itself.
  });
  return checked;
}

export function shortRead(expected: number, received: number): Failure {
  return new Failure('store-unreachable', `Expected ${expected} bytes from the store but received ${received}`);
}

import { Transform } from 'node:stream';
import { Failure } from '../../errors.ts';

/** What stands before the bytes of a `data:` URL (RFC 2397) in base64. */
export const dataUrlHead = (mediaType: string) => `data:${mediaType};base64,`;

/** Characters of a `data:` URL of so many bytes. */
export function dataUrlLength(mediaType: string, bytes: number): number {
  return dataUrlHead(mediaType).length + Math.ceil(bytes / 3) * 4;
}

/** Turns bytes into the text of a `data:` URL as they pass. */
export function dataUrlOf(mediaType: string): Transform {
  let rest = Buffer.alloc(0);
  let head = dataUrlHead(mediaType);
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      const bytes = Buffer.concat([rest, chunk]);
      // Three bytes are four characters; what is left over waits for the next piece.
      const whole = bytes.length - (bytes.length % 3);
      rest = bytes.subarray(whole);
      done(null, head + bytes.toString('base64', 0, whole));
      head = '';
    },
    flush(done) {
      done(null, head + rest.toString('base64'));
    },
  });
}

/** The bytes of a `data:` URL; what it says of their type is left out, since bytes speak for themselves. Throws `bad-request`. */
export function bytesOfDataUrl(text: string): Uint8Array<ArrayBuffer> {
  const comma = text.indexOf(',');
  const head = text.slice(0, Math.min(comma, 256));
  if (comma === -1 || !/^data:/i.test(head)) throw noDataUrl();
  const body = text.slice(comma + 1);
  if (!/;base64$/i.test(head)) return new Uint8Array(Buffer.from(unescaped(body), 'latin1'));
  const bytes = Buffer.from(body, 'base64');
  // Decoding passes over what is no base64, so its length must tell.
  const expected = Math.floor((body.replace(/={1,2}$/, '').length * 3) / 4);
  if (bytes.byteLength !== expected) throw noDataUrl();
  return new Uint8Array(bytes);
}

function unescaped(body: string): string {
  return body.replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function noDataUrl(): Failure {
  return new Failure('bad-request', 'Expected dataUrl as data:image/…;base64,… (RFC 2397)');
}

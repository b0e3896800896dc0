import { Failure } from '../../errors.ts';
import { formats } from '../../formats/index.ts';
import type { VariantSpec } from '../../library/variants/spec.ts';
import type { Flag } from '../../transform/params/flags.ts';
import { dataUrlHead, dataUrlLength } from '../message/data-url.ts';
import { dispositionOf } from './cache-headers.ts';

/** How a variant's bytes are handed over: as they are, to be saved, or as text. */
export interface Presentation {
  readonly mediaType: string;
  readonly disposition: string;
  /** Of the body, where the variant has so many bytes. Throws `over-limit` for a `data:` URL that is too long. */
  lengthOf(bytes: number): number;
  bodyOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | string;
}

/** Longest text of a `data:` URL: each answer is made anew in memory, and what is longer belongs into a file. */
const maxDataUrl = 512_000;

function shortEnough(length: number): number {
  if (length <= maxDataUrl) return length;
  throw new Failure(
    'over-limit',
    `Expected a data: URL of at most ${maxDataUrl} bytes but this one has ${length}; leave out fl_datauri or ask for a smaller picture`,
  );
}

/** `fl_attachment` has a browser save the answer; `fl_datauri` makes it the text of a `data:` URL (RFC 2397), in base64. */
export function presentationOf(flags: readonly Flag[], { mediaType, original, plan }: VariantSpec): Presentation {
  const how = flags.includes('attachment') ? 'attachment' : 'inline';
  if (!flags.includes('datauri')) {
    const disposition = dispositionOf(original.id, formats[plan.format].extensions[0], how);
    return { mediaType, disposition, lengthOf: (bytes) => bytes, bodyOf: (bytes) => bytes };
  }
  return {
    mediaType: 'text/plain; charset=utf-8',
    disposition: dispositionOf(original.id, 'txt', how),
    lengthOf: (bytes) => shortEnough(dataUrlLength(mediaType, bytes)),
    bodyOf: (bytes) =>
      dataUrlHead(mediaType) + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  };
}

import { Readable } from 'node:stream';
import { Failure } from '../../errors.ts';
import { formats } from '../../formats/index.ts';
import type { OriginalLookup } from '../../library/intake/read-through.ts';
import type { Original } from '../../library/original.ts';
import { etagOf } from '../message/body.ts';
import { isFresh, isMatch } from '../message/conditional.ts';
import { dataUrlLength, dataUrlOf } from '../message/data-url.ts';
import { rangeOf } from '../message/range.ts';
import type { HttpContext } from '../message/route.ts';
import { securityHeaders } from '../message/security-headers.ts';
import { dispositionOf } from './cache-headers.ts';

export interface StoredBytesRequest {
  readonly original: Original;
  readonly originals: OriginalLookup;
  /** Headers for caches, where the bytes are for everyone; empty: for their owner alone. */
  readonly shared: Readonly<Record<string, string>>;
}

/** Stored bytes as they are: whole, a range of them, or 304. */
export async function sendStored(
  context: HttpContext,
  { original, originals, shared }: StoredBytesRequest,
): Promise<Response> {
  checkMatch(context, original);
  const etag = etagOf(original.version);
  if (isFresh(context.req.header('if-none-match'), etag)) {
    // RFC 9110 §15.4.5: what a cache updates itself by, and nothing of the bytes.
    return new Response(null, { status: 304, headers: { ETag: etag, 'Cache-Control': isPrivate, ...shared } });
  }
  const range = rangeOf(context, original.bytes, etag);
  const length = range === null ? original.bytes : range.end - range.start + 1;
  const headers = { ...storedHeaders(original), 'Content-Length': String(length), ...shared };
  const whole =
    range === null ? headers : { ...headers, 'Content-Range': `bytes ${range.start}-${range.end}/${original.bytes}` };
  const status = range === null ? 200 : 206;
  if (context.req.method === 'HEAD') return new Response(null, { status, headers: whole });
  const stream = await originals.read(original, range);
  return new Response(Readable.toWeb(stream), { status, headers: whole });
}

/** RFC 9110 §13.2.2: If-Match is asked first. */
function checkMatch(context: HttpContext, { version }: Original): void {
  const ifMatch = context.req.header('if-match');
  if (ifMatch === undefined || isMatch(ifMatch, etagOf(version))) return;
  throw new Failure('precondition', 'The stored original is not the one that If-Match names');
}

/** What a token opened is for its owner, who asks each time. */
const isPrivate = 'private, no-cache';

/** A drawing could hold scripts: it is handed out as bytes to keep, never as something to show. */
function storedHeaders({ id, version, facts }: Original): Record<string, string> {
  const drawn = facts.mediaType === 'image/svg+xml';
  return {
    ETag: etagOf(version),
    'Content-Type': drawn ? 'application/octet-stream' : facts.mediaType,
    'Content-Digest': `sha-256=:${Buffer.from(version, 'hex').toString('base64')}:`,
    'Content-Disposition': drawn ? 'attachment' : dispositionOf(id, formats[facts.format].extensions[0]),
    'Cache-Control': isPrivate,
    'Accept-Ranges': 'bytes',
    ...securityHeaders,
  };
}

interface DataUrlRequest {
  readonly original: Original;
  readonly originals: OriginalLookup;
  readonly encoding: string | undefined;
}

/** The same bytes as the text of a `data:` URL: another representation, so another tag; no ranges. */
export async function sendDataUrl(
  context: HttpContext,
  { original, originals, encoding }: DataUrlRequest,
): Promise<Response> {
  if (encoding !== 'data-url') throw new Failure('bad-request', 'Expected encoding=data-url');
  checkMatch(context, original);
  const { mediaType } = original.facts;
  const { 'Content-Digest': _ofTheBytes, ...usual } = storedHeaders(original);
  const headers = {
    ...usual,
    ETag: etagOf(`${original.version}.data-url`),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': dispositionOf(original.id, 'txt'),
    'Content-Length': String(dataUrlLength(mediaType, original.bytes)),
    'Accept-Ranges': 'none',
  };
  if (isFresh(context.req.header('if-none-match'), headers.ETag)) {
    return new Response(null, { status: 304, headers: { ETag: headers.ETag, 'Cache-Control': isPrivate } });
  }
  if (context.req.method === 'HEAD') return new Response(null, { headers });
  const text = (await originals.read(original, null)).compose(dataUrlOf(mediaType));
  return new Response(Readable.toWeb(Readable.from(text, { objectMode: false })), { headers });
}

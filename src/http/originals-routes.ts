import { Readable } from 'node:stream';
import { Failure } from '../errors.ts';
import { formats } from '../formats/index.ts';
import type { Ingest } from '../library/ingest.ts';
import type { Library, StoredVariant } from '../library/library.ts';
import type { Original } from '../library/original.ts';
import type { ByteRange, Originals, Published } from '../library/originals.ts';
import { checkId } from '../transform/image-path.ts';
import { dispositionOf } from './cache-headers.ts';
import { isFresh, isMatch } from './conditional.ts';
import { dataUrlLength, dataUrlOf } from './data-url.ts';
import { json, jsonIn, queryOf } from './json.ts';
import { notesIn } from './notes.ts';
import { tellsOfDelete, tellsOfGet, tellsOfInfo, tellsOfPatch, tellsOfPut } from './originals-tells.ts';
import { rangeOf } from './range.ts';
import { type HttpContext, type Operation, targetOf } from './route.ts';
import { bodyOf, checkBodyHeaders, digestsOf, etagOf, focalIn, preconditionOf, tagsIn } from './upload-body.ts';

export interface OriginalsParts {
  readonly originals: Originals;
  readonly ingest: Ingest;
  readonly library: Library;
}

const route = '/originals/';

/** The id of `/originals/:id[/rest]`, from the path as it was sent: an encoded id is no id. */
export function idIn(context: HttpContext, rest = ''): string {
  const { path } = targetOf(context);
  const id = checkId(path.slice(route.length, path.length - rest.length), route.length);
  context.set('id', id);
  return id;
}

/** What clients see of an original. */
export function showOriginal(original: Original, variants: readonly unknown[] = []) {
  const { id, version, bytes, facts, createdAt, tags, focalPoint, boxes, metadata, lifetime } = original;
  const url = `/img/${id}`;
  return {
    id,
    version,
    bytes,
    mediaType: facts.mediaType,
    format: facts.format,
    width: facts.width,
    height: facts.height,
    alpha: facts.alpha,
    pages: facts.pages,
    createdAt,
    tags,
    focalPoint,
    boxes,
    metadata,
    lifetime,
    url,
    versionedUrl: `${url}/v_${version.slice(0, 8)}/${id}.${formats[facts.format].extensions[0]}`,
    variants,
  };
}

/** A stored variant as its name tells it; the URL that made it is not in its name. */
function showVariant({ hash, width, height, bytes, mediaType }: StoredVariant) {
  return { name: hash, url: null, width, height, bytes, mediaType, error: null };
}

/** The answer to whoever brought an original. */
export function stored({ original, outcome }: Published): Response {
  const headers = { ETag: etagOf(original.version), Location: `/originals/${original.id}` };
  return json(showOriginal(original), outcome === 'created' ? 201 : 200, headers);
}

const putWords = ['tags', 'focal'];

/** `PUT /originals/:id` */
export function putOriginal({ ingest }: OriginalsParts): Operation {
  return {
    tells: tellsOfPut,
    handle: async (context) => {
      const id = idIn(context);
      const query = queryOf(context, putWords);
      checkBodyHeaders(context, ingest.maxBytes);
      const taken = await ingest.take({
        id,
        body: bodyOf(context),
        digests: digestsOf(context),
        tags: tagsIn(query),
        focalPoint: focalIn(query),
        precondition: preconditionOf(context),
      });
      return stored(taken);
    },
  };
}

/** `GET, HEAD /originals/:id`: the stored bytes. */
export function getOriginal({ originals }: OriginalsParts): Operation {
  return {
    tells: tellsOfGet,
    handle: async (context) => {
      const query = queryOf(context, ['encoding']);
      const original = await originals.describe(idIn(context));
      checkMatch(context, original);
      if (query.has('encoding')) return sendText(context, { original, originals, encoding: query.get('encoding') });
      const etag = etagOf(original.version);
      if (isFresh(context.req.header('if-none-match'), etag)) {
        // RFC 9110 §15.4.5: what a cache updates itself by, and nothing of the bytes.
        return new Response(null, { status: 304, headers: { ETag: etag, 'Cache-Control': ownersAlone } });
      }
      const range = rangeOf(context, original.bytes, etag);
      return sendStored(context, { original, originals, headers: storedHeaders(original), range });
    },
  };
}

/** RFC 9110 §13.2.2: If-Match is asked first. */
function checkMatch(context: HttpContext, { version }: Original): void {
  const ifMatch = context.req.header('if-match');
  if (ifMatch === undefined || isMatch(ifMatch, etagOf(version))) return;
  throw new Failure('precondition', 'The stored original is not the one that If-Match names');
}

/** What a token opened is for its owner, who asks each time. */
const ownersAlone = 'private, no-cache';

/** A drawing could hold scripts: it is handed out as bytes to keep, never as something to show. */
function storedHeaders({ id, version, facts }: Original): Record<string, string> {
  const drawn = facts.mediaType === 'image/svg+xml';
  return {
    ETag: etagOf(version),
    'Content-Type': drawn ? 'application/octet-stream' : facts.mediaType,
    'Content-Digest': `sha-256=:${Buffer.from(version, 'hex').toString('base64')}:`,
    'Content-Disposition': drawn ? 'attachment' : dispositionOf(id, formats[facts.format].extensions[0]),
    'Cache-Control': ownersAlone,
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  };
}

interface Sending {
  readonly original: Original;
  readonly originals: Originals;
  readonly headers: Record<string, string>;
  readonly range: ByteRange | null;
}

async function sendStored(context: HttpContext, { original, originals, headers, range }: Sending): Promise<Response> {
  const length = range === null ? original.bytes : range.end - range.start + 1;
  const sent = { ...headers, 'Content-Length': String(length) };
  const whole =
    range === null ? sent : { ...sent, 'Content-Range': `bytes ${range.start}-${range.end}/${original.bytes}` };
  const status = range === null ? 200 : 206;
  if (context.req.method === 'HEAD') return new Response(null, { status, headers: whole });
  const stream = await originals.read(original, range);
  return new Response(Readable.toWeb(stream), { status, headers: whole });
}

interface Telling {
  readonly original: Original;
  readonly originals: Originals;
  readonly encoding: string | undefined;
}

/** The same bytes as the text of a `data:` URL: another representation, so another tag; no ranges. */
async function sendText(context: HttpContext, { original, originals, encoding }: Telling): Promise<Response> {
  if (encoding !== 'data-url') throw new Failure('bad-request', 'Expected encoding=data-url');
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
    return new Response(null, { status: 304, headers: { ETag: headers.ETag, 'Cache-Control': ownersAlone } });
  }
  if (context.req.method === 'HEAD') return new Response(null, { headers });
  const text = (await originals.read(original, null)).compose(dataUrlOf(mediaType));
  return new Response(Readable.toWeb(Readable.from(text, { objectMode: false })), { headers });
}

/** `GET /originals/:id/info` */
export function getOriginalInfo({ originals, library }: OriginalsParts): Operation {
  return {
    tells: tellsOfInfo,
    handle: async (context) => {
      const original = await originals.describe(idIn(context, '/info'));
      const stored = await library.stored(original);
      return json(showOriginal(original, stored.map(showVariant)), 200);
    },
  };
}

/** `PATCH /originals/:id`: what people say of it, not its bytes. */
export function patchOriginal({ library }: OriginalsParts): Operation {
  return {
    tells: tellsOfPatch,
    handle: async (context) => {
      const id = idIn(context);
      const precondition = preconditionOf(context);
      const noted = await library.annotate(id, notesIn(await jsonIn(context)), precondition);
      if (noted === null) throw new Failure('missing-original', `No original has the id "${id}"`);
      return json(showOriginal(noted), 200, { ETag: etagOf(noted.version) });
    },
  };
}

/** `DELETE /originals/:id` */
export function deleteOriginal({ library }: OriginalsParts): Operation {
  return {
    tells: tellsOfDelete,
    handle: async (context) => {
      const id = idIn(context);
      const removed = await library.remove(id, preconditionOf(context));
      if (!removed) throw new Failure('missing-original', `No original has the id "${id}"`);
      return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } });
    },
  };
}

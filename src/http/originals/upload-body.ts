import { Failure, shorten } from '../../errors.ts';
import { bodyTooBig, type Upload } from '../../library/intake/ingest.ts';
import type { Precondition } from '../../library/originals/originals.ts';
import type { Deprecations } from '../../observability/deprecations.ts';
import { readNumber } from '../../transform/params/param.ts';
import { etagOf, maxTags, tagPattern } from '../message/body.ts';
import { isMatch } from '../message/conditional.ts';
import type { HttpContext } from '../message/route.ts';

/** If-Match and If-None-Match of a write, to be asked before the body is read and again when it is stored; null without them. */
export function readPrecondition(context: HttpContext): Precondition | null {
  const ifMatch = context.req.header('if-match');
  const ifNoneMatch = context.req.header('if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw new Failure('bad-request', `Expected If-None-Match: * on a write but received "${shorten(ifNoneMatch)}"`);
  }
  if (ifMatch === undefined && ifNoneMatch === undefined) return null;
  return (current) => {
    if (ifNoneMatch !== undefined && current !== null) throw new Failure('precondition', 'This id is taken already');
    if (ifMatch !== undefined && !isMatch(ifMatch, current === null ? null : etagOf(current.version))) {
      throw new Failure('precondition', 'The stored original is not the one that If-Match names');
    }
  };
}

/** Content-Digest (RFC 9530): `sha-256=:base64:`; algorithms we do not know are left out, as the RFC says. */
export function readDigests(context: HttpContext): Pick<Upload, 'digests'> {
  const header = context.req.header('content-digest');
  if (header === undefined) return {};
  return { digests: { sha256: digestIn(header, 'sha-256', 32), sha512: digestIn(header, 'sha-512', 64) } };
}

function digestIn(header: string, algorithm: string, length: number): Buffer | null {
  const item = header.split(',').find((part) => part.trim().startsWith(`${algorithm}=`));
  if (item === undefined) return null;
  const encoded = /^:([A-Za-z0-9+/]*={0,2}):$/.exec(item.trim().slice(algorithm.length + 1))?.[1];
  const digest = encoded === undefined ? null : Buffer.from(encoded, 'base64');
  if (digest?.byteLength === length) return digest;
  throw new Failure('bad-request', `Expected Content-Digest: ${algorithm}=:base64: but received "${shorten(header)}"`);
}

/** Refuses what its headers already tell is not for us; the body has not been touched. */
export function checkBodyHeaders(context: HttpContext, maxBytes: number): void {
  const declared = context.req.header('content-length');
  if (declared !== undefined && Number(declared) > maxBytes) throw bodyTooBig(maxBytes);
  const range = context.req.header('content-range');
  if (range !== undefined) {
    throw new Failure('bad-request', `Expected a whole body but received Content-Range "${shorten(range)}"`);
  }
  const encoding = context.req.header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new Failure(
      'not-an-image',
      `Expected the bytes as they are but received Content-Encoding "${shorten(encoding)}"`,
    );
  }
}

/** `tags=a,b`; null where the query does not speak of them. */
export function readTags(query: ReadonlyMap<string, string>): readonly string[] | null {
  const text = query.get('tags');
  if (text === undefined) return null;
  return checkTags(text === '' ? [] : text.split(','));
}

/** Each once. Throws `bad-request`. */
export function checkTags(given: readonly string[]): readonly string[] {
  const tags = [...new Set(given)];
  if (tags.length <= maxTags && tags.every((tag) => tagPattern.test(tag))) return tags;
  throw new Failure(
    'bad-request',
    `Expected at most ${maxTags} tags of A-Z a-z 0-9 . _ - but received "${shorten(given.join(','))}"`,
  );
}

/** `sanitize=strip` or `webp` of a query, a form or JSON; its deprecated name is `normalize`. Empty if neither is given. */
export function readSanitize(
  words: ReadonlyMap<string, string>,
  deprecations: Pick<Deprecations, 'used'>,
): Pick<Upload, 'sanitize'> {
  const oldText = words.get('normalize');
  if (oldText !== undefined) deprecations.used('normalize', 'sanitize');
  const text = words.get('sanitize') ?? oldText;
  if (text === undefined) return {};
  if (words.has('sanitize') && oldText !== undefined) {
    throw new Failure('bad-request', 'Expected sanitize alone but received its deprecated name, normalize, too');
  }
  if (text === 'strip' || text === 'webp') return { sanitize: text };
  throw new Failure('bad-request', `Expected strip or webp for sanitize but received "${shorten(text)}"`);
}

/** `focal=0.3,0.6`; null where the query does not speak of it. */
export function readFocalPoint(query: ReadonlyMap<string, string>): Upload['focalPoint'] {
  const text = query.get('focal');
  if (text === undefined) return null;
  const [x, y, ...rest] = text.split(',').map((part) => readNumber(part, 0, 1));
  if (typeof x === 'number' && typeof y === 'number' && rest.length === 0) return [x, y];
  throw new Failure('bad-request', `Expected focal=x,y with shares from 0 to 1 but received "${shorten(text)}"`);
}

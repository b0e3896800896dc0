import { LRUCache } from 'lru-cache';
import { Failure } from '../errors.ts';
import { formats } from '../formats/index.ts';
import type { Library } from '../library/library.ts';
import type { Originals } from '../library/originals.ts';
import type { VariantSpec } from '../library/variant.ts';
import type { Obtained, Variants } from '../library/variants.ts';
import { parseTransform } from '../transform/grammar.ts';
import { spellingOfQuery } from '../transform/hints.ts';
import { mistakeAt, refuse, splitImagePath } from '../transform/image-path.ts';
import { resolveTransform } from '../transform/resolve.ts';
import type { Presets, RequestedTransform } from '../transform/transform.ts';
import { cacheTags, dispositionOf, imageHeaders, type Lifetimes, tagHeaders } from './cache-headers.ts';
import { isFresh } from './conditional.ts';
import type { Handler, HttpContext, Target } from './route.ts';
import { targetOf } from './route.ts';

export interface ImageParts {
  readonly originals: Originals;
  readonly library: Library;
  readonly variants: Variants;
  readonly presets: Presets;
  readonly lifetimes: Lifetimes;
}

/** A URL taken apart: what stays the same however often it is asked for. */
interface Asked {
  readonly id: string;
  readonly transform: RequestedTransform;
}

/** Reading a URL depends on nothing but its text, so what was read is kept: 4096 paths of at most 2 kB. */
const mostPathsKept = 4096;

/** `GET, HEAD /img/:id…` */
export function imageRoute(parts: ImageParts): Handler {
  const read = pathReader(parts.presets);
  return async (context) => {
    const { id, transform } = read(targetOf(context));
    context.set('id', id);
    const original = parts.originals.known(id) ?? (await describe(parts, id));
    const accept = context.req.header('accept') ?? null;
    const spec = await parts.library.specify(original, resolveTransform(transform, { accept }));
    const headers = imageHeaders(transform, spec, parts.lifetimes);
    if (isFresh(context.req.header('if-none-match'), spec.etag)) return notModified(context, headers);
    if (context.req.method === 'HEAD') return head(context, parts, spec, headers);
    return image(context, spec, headers, await parts.variants.obtain(spec));
  };
}

/** A missing original is tagged like a present one, so that the PUT which makes it present can purge the answer. */
async function describe({ originals }: ImageParts, id: string) {
  const found = await originals.find(id);
  if (found !== null) return found;
  const headers = tagHeaders(cacheTags(id, [], []));
  throw new Failure('missing-original', `No original has the id "${id}"`, { headers });
}

function pathReader(presets: Presets): (target: Target) => Asked {
  const kept = new LRUCache<string, Asked>({ max: mostPathsKept });
  return ({ path, query }) => {
    const known = kept.get(path);
    if (known !== undefined && query === '') return known;
    const split = splitImagePath(path, '/img/');
    if (split.segments.length === 0 && query !== '') checkQuery(path, query);
    const asked = { id: split.id, transform: parseTransform(split, presets) };
    kept.set(path, asked);
    return asked;
  };
}

/** Words in the query are another product's; they would be ignored in silence. */
function checkQuery(path: string, query: string): void {
  const ours = spellingOfQuery(query);
  if (ours === null) return;
  refuse([mistakeAt(path.length, `?${query}`, `words in the path, here ${path}/${ours}`, `${path}/${ours}`)]);
}

function notModified(context: HttpContext, headers: Record<string, string>): Response {
  context.set('tier', 'validator');
  return new Response(null, { status: 304, headers: { ...headers, 'Cache-Status': 'tintype; hit; detail=validator' } });
}

function described(spec: VariantSpec, headers: Record<string, string>): Record<string, string> {
  return {
    ...headers,
    'Content-Type': spec.mediaType,
    'Content-Disposition': dispositionOf(spec.original.id, formats[spec.plan.format].extensions[0]),
    'Accept-Ranges': 'none',
  };
}

/** Never renders: what is not made yet has no length to tell. */
async function head(context: HttpContext, parts: ImageParts, spec: VariantSpec, headers: Record<string, string>) {
  const inMemory = parts.variants.inMemory(spec) !== null;
  const length = await parts.variants.lengthOf(spec);
  const status = inMemory ? 'hit; detail=memory' : length === null ? 'fwd=miss' : 'hit; detail=bucket';
  context.set('tier', inMemory ? 'memory' : length === null ? 'none' : 'bucket');
  return new Response(null, {
    headers: {
      ...described(spec, headers),
      ...(length === null ? {} : { 'Content-Length': String(length) }),
      'Cache-Status': `tintype; ${status}`,
    },
  });
}

function cacheStatus({ tier, collapsed, stored }: Obtained): string {
  if (tier !== 'render') return `tintype; hit; detail=${tier}`;
  return `tintype; fwd=miss${collapsed ? '; collapsed' : ''}${stored ? '; stored; detail=render' : '; detail=unsaved'}`;
}

function serverTiming({ stages }: Obtained): string {
  const parts = Object.entries(stages).map(([stage, milliseconds]) => `${stage};dur=${milliseconds.toFixed(1)}`);
  return parts.length === 0 ? 'memory;dur=0' : parts.join(', ');
}

function image(context: HttpContext, spec: VariantSpec, headers: Record<string, string>, found: Obtained): Response {
  context.set('tier', found.tier);
  context.set('bytes', found.bytes.byteLength);
  return new Response(found.bytes, {
    headers: {
      ...described(spec, headers),
      'Content-Length': String(found.bytes.byteLength),
      'Cache-Status': cacheStatus(found),
      'Server-Timing': serverTiming(found),
    },
  });
}

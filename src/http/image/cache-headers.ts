import type { Original } from '../../library/original.ts';
import type { VariantSpec } from '../../library/variants/spec.ts';
import { printImagePath } from '../../transform/canonical.ts';
import type { RequestedTransform } from '../../transform/transform.ts';
import { readableByAll } from '../message/cors.ts';
import { lifetimeOf, type ProblemOptions } from '../message/problem.ts';
import type { HttpContext } from '../message/route.ts';
import { securityHeaders } from '../message/security-headers.ts';
import type { ParsedImageUrl } from './image-url.ts';

/** Seconds; what may be promised to an edge depends on whether it can be taken back. */
export interface Lifetimes extends ProblemOptions {
  /** `s-maxage` of an unversioned answer. */
  readonly edge: number;
  /** Whether answers name their canonical URL: not where it would be refused. */
  readonly links: boolean;
}

export const yearOfSeconds = 31_536_000;
export const hourOfSeconds = 3600;

const immutable = `public, max-age=${yearOfSeconds}, immutable`;
/** For being sent on to the format that won: it stands as long as nothing is purged. */
export const negotiated = 'public, max-age=300';
/** For an answer that is not what its URL says: right now, but not for long. */
const passing = 'public, max-age=60, s-maxage=60';

/** Whether nothing but the version decides what is seen. */
function isFixed({ answer, presets, components }: RequestedTransform): boolean {
  if (presets.length > 0 || answer.f === 'auto' || (answer.q !== undefined && answer.q.kind !== 'fixed')) return false;
  return answer.d === undefined && components.every((words) => words.g !== 'custom' && words.l === undefined);
}

export function imageCacheControl(
  asked: RequestedTransform,
  { original, layers }: Pick<VariantSpec, 'original' | 'layers'>,
  lifetimes: Lifetimes,
): string {
  const wanted = asked.answer.v;
  if (wanted !== undefined && !original.version.startsWith(wanted)) return passing;
  if (wanted !== undefined && isFixed(asked)) return immutable;
  return unversioned([original, ...layers], lifetimes);
}

/** The shortest lifetime of all that is seen. */
function unversioned(originals: readonly Pick<Original, 'lifetime'>[], { edge }: Lifetimes): string {
  const said = originals.flatMap(({ lifetime }) => (lifetime === null ? [] : [lifetime]));
  const lifetime = Math.min(...said);
  if (said.length > 0) return `public, max-age=${Math.min(60, lifetime)}, s-maxage=${lifetime}`;
  return `public, max-age=60, s-maxage=${edge}, stale-while-revalidate=86400, stale-if-error=604800`;
}

/** What a CDN may purge an answer by. */
export function cacheTags(id: string, tags: readonly string[], presets: readonly string[]): readonly string[] {
  return [`img:${id}`, ...tags, ...presets.map((preset) => `t:${preset}`)];
}

/** The same for a picture: of every original in it. */
function tagsOf({ original, layers }: VariantSpec, presets: readonly string[]): readonly string[] {
  const all = [original, ...layers].flatMap(({ id, tags }) => cacheTags(id, tags, []));
  return [...new Set([...all, ...cacheTags(original.id, [], presets)])];
}

/** Tags in both spellings: Cloudflare's and CloudFront's with commas, Fastly's and Varnish's with spaces. */
export function tagHeaders(tags: readonly string[]): Readonly<Record<string, string>> {
  return { 'Cache-Tag': tags.join(','), 'Surrogate-Key': tags.join(' ') };
}

/** Headers on every answer to an image URL that could be shown somewhere. */
const shown = {
  ...securityHeaders,
  ...readableByAll,
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Timing-Allow-Origin': '*',
} as const;

/** Everything that a 200, a 304 and a HEAD of one image URL have in common. */
export function imageHeaders(
  asked: RequestedTransform,
  spec: VariantSpec,
  lifetimes: Lifetimes,
): Record<string, string> {
  const { original } = spec;
  return {
    ETag: spec.etag,
    'Cache-Control': imageCacheControl(asked, spec, lifetimes),
    ...tagHeaders(tagsOf(spec, asked.presets)),
    ...linkTo(original.id, withTrueVersion(asked, original), lifetimes),
    ...shown,
    ...varies(asked),
  };
}

function linkTo(id: string, transform: RequestedTransform, { links }: Lifetimes): Record<string, string> {
  return links ? { Link: `<${printImagePath(id, transform)}>; rel="canonical"` } : {};
}

/** Of stored bytes that need no token: as any image's, but not the same for ever. */
export function openHeaders(original: Original, lifetimes: Lifetimes): Record<string, string> {
  const tags = cacheTags(original.id, original.tags, []);
  return { 'Cache-Control': unversioned([original], lifetimes), ...tagHeaders(tags), ...shown };
}

/** Of facts about a picture: purged with it; kept by nobody where a token opened them. */
export function factHeaders(context: HttpContext, { id, tags }: Original, varies: boolean): Record<string, string> {
  const shared = {
    'Cache-Control': passing,
    ...tagHeaders(cacheTags(id, tags, [])),
    ...readableByAll,
  };
  return {
    ...(context.req.header('authorization') === undefined ? shared : {}),
    ...(varies ? { Vary: 'Accept' } : {}),
  };
}

/** A version that is not what is stored is no part of any picture's name. */
function withTrueVersion(asked: RequestedTransform, { version }: Original): RequestedTransform {
  const { v, ...answer } = asked.answer;
  return v === undefined || version.startsWith(v) ? asked : { ...asked, answer };
}

/** Of a default image's picture: tagged for both, without a validator, and forgotten as soon as any missing original. */
export function standInHeaders(
  { id, transform }: ParsedImageUrl,
  spec: VariantSpec,
  lifetimes: Lifetimes,
): Record<string, string> {
  return {
    'Cache-Control': lifetimeOf('missing-original', lifetimes),
    ...tagHeaders([`img:${id}`, ...tagsOf(spec, transform.presets)]),
    ...linkTo(id, transform, lifetimes),
    ...shown,
    ...varies(transform),
  };
}

/** Of what stands in for a picture that nobody had time to make: for this client, this once, without a validator. */
export function degradedHeaders(asked: RequestedTransform): Record<string, string> {
  return { 'Cache-Control': 'no-store', ...shown, ...varies(asked) };
}

/** What a spelling means never changes, but presets beside it may: a day. */
export function movedHeaders(transform: RequestedTransform): Record<string, string> {
  return { 'Cache-Control': 'public, max-age=86400', ...shown, ...varies(transform) };
}

function varies({ answer }: RequestedTransform): Record<string, string> {
  return answer.f === 'auto' ? { Vary: 'Accept' } : {};
}

/** A file name that says nothing but id and format. */
export function dispositionOf(id: string, extension: string, how: 'inline' | 'attachment' = 'inline'): string {
  return `${how}; filename="${id.replaceAll(':', '-')}.${extension}"`;
}

import { LRUCache } from 'lru-cache';
import { Failure } from '../../errors.ts';
import type { DegradedAnswers } from '../../library/selection/degraded.ts';
import type { EncodedCandidate } from '../../library/selection/format-choice.ts';
import type { Obtained } from '../../library/variants/obtained.ts';
import type { Variants } from '../../library/variants/variants.ts';
import { printTransform } from '../../transform/canonical.ts';
import { layerIds } from '../../transform/layers.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { Access } from '../auth/access.ts';
import type { BytesInFlight } from '../message/bytes-in-flight.ts';
import { isFresh } from '../message/conditional.ts';
import type { HttpContext, Operation, Target } from '../message/route.ts';
import { requestTarget } from '../message/route.ts';
import { describeTransform, imageAnswerHeaders, rounded } from './answer-headers.ts';
import { degradedHeaders, movedHeaders, negotiated, openHeaders } from './cache-headers.ts';
import {
  type AnswerHeaders,
  cachedDecision,
  type Decision,
  type DecisionLookup,
  type DecisionOptions,
  decide,
  unchangedHeaders,
} from './decision.ts';
import { imageDoc } from './docs.ts';
import { type ParsedImageUrl, readImageUrl, type UrlRules } from './image-url.ts';
import { presentationOf } from './presentation.ts';
import { type RenderingOptions, type RunWithinRequest, renderingFor } from './rendering-deadline.ts';
import { sendStored } from './stored-bytes.ts';

export interface ImageRouteOptions extends UrlRules, DecisionOptions, RenderingOptions {
  readonly degraded: DegradedAnswers;
  readonly variants: Variants;
  readonly bytesInFlight: BytesInFlight;
  readonly access: Access;
  /** Who gets stored bytes beside those with a token. */
  readonly openOriginals: 'private' | 'signed' | 'public';
}

/** Reading a URL depends on nothing but its text, so what was read is kept: 4096 paths of at most 2 kB. */
const maxPathsKept = 4096;

/** `GET, HEAD /img/:id…` */
export function imageRoute(parts: ImageRouteOptions): Operation {
  const answer = imageAnswers(parts);
  return { doc: imageDoc, handle: (context) => answer(context, requestTarget(context)) };
}

/** Answers an image URL, which may be what another one that was sent stands for. */
export function imageAnswers(
  parts: ImageRouteOptions,
): (context: HttpContext, target: Target) => Response | Promise<Response> {
  const read = urlReader(parts);
  return (context, target) => {
    const asked = read(target);
    context.set('id', asked.id);
    context.set('varies', asked.transform.answer.f === 'auto');
    for (const rule of asked.violations) parts.reportOnly.count(rule, context, exampleOf(context, asked));
    if (asked.transform.answer.f === 'orig') return stored(context, parts, asked.id);
    if (asked.remoteUrl !== null) return moved(asked, asked.remoteUrl);
    return atOnce(context, parts, asked) ?? findOrRender(context, parts, asked);
  };
}

/** What was decided before and is in memory: most answers there are, so it waits for nothing. Null where it would have to. */
function atOnce(context: HttpContext, parts: ImageRouteOptions, asked: DecisionLookup): Response | null {
  const decision = cachedDecision(parts, asked, context.req.header('accept') ?? null);
  if (decision === null) return null;
  const short = withoutPicture(context, decision);
  if (short !== null) return short;
  const found = parts.variants.inMemory(decision.spec);
  return found === null ? null : image(context, parts, decision, found);
}

/** A redirection, or word that the client has it. */
function withoutPicture(context: HttpContext, decision: Decision): Response | null {
  const { spec, status, redirectTo } = decision;
  if (redirectTo !== null) return redirectToSource(redirectTo, decision.headers);
  // A condition is for what would be a 200 (RFC 9110 §13.2.1).
  const isKnown = status === 200 && isFresh(context.req.header('if-none-match'), spec.etag);
  return isKnown ? notModified(context, decision.unchanged) : null;
}

/** What has to be read or rendered first. */
function findOrRender(context: HttpContext, parts: ImageRouteOptions, asked: DecisionLookup): Promise<Response> {
  const rendering = renderingFor(context, parts);
  return answer(context, parts, { asked, rendering }).catch((thrown: unknown) =>
    answerFailure(context, parts, { asked, rendering, thrown }),
  );
}

/** What an image URL asks for, and the time that its renders may take. */
interface ImageRequest {
  readonly asked: DecisionLookup;
  readonly rendering: RunWithinRequest;
}

async function answer(
  context: HttpContext,
  parts: ImageRouteOptions,
  { asked, rendering }: ImageRequest,
): Promise<Response> {
  const accept = context.req.header('accept') ?? null;
  const ifNoneMatch = context.req.header('if-none-match');
  let decision = await decide(parts, asked, accept);
  let made: EncodedCandidate | null = null;
  while (decision.kind === 'undecided') {
    const undecided = decision;
    const { status, headers, etags } = undecided;
    // The client holds what the answer may be: that is good enough, and costs nothing.
    if (status === 200 && etags.some((etag) => isFresh(ifNoneMatch, etag)))
      return notModified(context, unchangedHeaders(headers));
    if (context.req.method === 'HEAD') return new Response(null, { status, headers });
    made = await rendering((asker) => undecided.decide(asker));
    decision = await decide(parts, asked, accept);
  }
  const { spec } = decision;
  const short = withoutPicture(context, decision);
  if (short !== null) return short;
  const found = made?.spec.key === spec.key ? made.obtained : parts.variants.inMemory(spec);
  if (found === null && context.req.method === 'HEAD') return head(context, parts, decision);
  const obtained = found ?? (await rendering((asker) => parts.variants.obtain(spec, asker)));
  return image(context, parts, decision, obtained);
}

/** Whoever deleted it while it was to be read took the bytes: then what it means by now is the answer. */
function answerFailure(
  context: HttpContext,
  parts: ImageRouteOptions,
  { asked, rendering, thrown }: ImageRequest & { readonly thrown: unknown },
): Promise<Response> {
  const isGone = thrown instanceof Failure && thrown.kind === 'damaged-original';
  if (!isGone) return degradedAnswer(context, parts, { asked, thrown });
  for (const id of [asked.id, ...layerIds(asked.transform.components)]) parts.originals.invalidate(id);
  return answer(context, parts, { asked, rendering }).catch((again: unknown) =>
    degradedAnswer(context, parts, { asked, thrown: again }),
  );
}

/** Where there is no time to make it: what of it is at hand, for this client alone and kept by nobody. */
async function degradedAnswer(
  context: HttpContext,
  { originals, degraded, bytesInFlight }: ImageRouteOptions,
  { asked, thrown }: { readonly asked: ParsedImageUrl; readonly thrown: unknown },
): Promise<Response> {
  const original = originals.known(asked.id);
  if (!(thrown instanceof Failure) || thrown.kind !== 'overloaded' || original === undefined) throw thrown;
  const resolved = resolveTransform(asked.transform, { accept: context.req.header('accept') ?? null });
  const found = await degraded.find(original, resolved);
  if (found === null) throw thrown;
  const { spec, bytes } = found;
  const presentation = presentationOf(asked.transform.answer.fl ?? [], spec);
  const length = presentation.lengthOf(bytes.byteLength);
  if (context.req.method !== 'HEAD') bytesInFlight.hold(context, length);
  context.set('tier', 'degraded');
  context.set('format', spec.plan.format);
  context.set('bytes', length);
  return new Response(context.req.method === 'HEAD' ? null : presentation.bodyOf(bytes), {
    headers: {
      'Content-Type': presentation.mediaType,
      'Content-Length': String(length),
      'Cache-Status': 'tintype; fwd=miss; detail=degraded',
      ...degradedHeaders(asked.transform),
    },
  });
}

/** What of a URL is told that a rule on trial would have refused. */
function exampleOf(context: HttpContext, { transform }: ParsedImageUrl) {
  const { v, ...answer } = transform.answer;
  return {
    path: requestTarget(context).path,
    words: printTransform(v === undefined ? transform : { ...transform, answer }),
  };
}

/** `f_orig`. Stored bytes carry what renderings leave out, where pictures were taken among it. */
async function stored(
  context: HttpContext,
  { openOriginals, access, originals, lifetimes }: ImageRouteOptions,
  id: string,
) {
  const isOpen = openOriginals === 'public' || (openOriginals === 'signed' && context.var.signed === true);
  if (!isOpen && !access.grants(context, 'read')) {
    throw new Failure('forbidden', 'Expected a rendering: stored bytes are handed out to a token alone');
  }
  const original = await originals.describe(id);
  return sendStored(context, { original, originals, shared: isOpen ? openHeaders(original, lifetimes) : {} });
}

function urlReader(rules: UrlRules): (target: Target) => DecisionLookup {
  const kept = new LRUCache<string, DecisionLookup>({ max: maxPathsKept });
  return (target) => {
    const known = kept.get(target.path);
    if (known !== undefined && isAll(target, known)) return known;
    const asked = { ...readImageUrl(target, rules), decisions: new Map() };
    if (isAll(target, asked)) kept.set(target.path, asked);
    return asked;
  };
}

/** A query matters only where there are no words in the path: it may hold another product's. */
const isAll = ({ query }: Target, { segments }: ParsedImageUrl) => query === '' || segments.length > 0;

function moved({ transform }: ParsedImageUrl, location: string): Response {
  return new Response(null, { status: 308, headers: { Location: location, ...movedHeaders(transform) } });
}

/** To the URL of the format that won; it depends on Accept, which the URL it leads to does not. */
function redirectToSource(location: string, shown: AnswerHeaders): Response {
  const { ETag: _, ...headers } = shown;
  return new Response(null, {
    status: 302,
    headers: { ...headers, Location: location, 'Cache-Control': negotiated },
  });
}

function notModified(context: HttpContext, headers: AnswerHeaders): Response {
  context.set('tier', 'validator');
  return new Response(null, { status: 304, headers });
}

/** Of what is not in memory. Never renders: what is not made yet has no length to tell. */
async function head(context: HttpContext, parts: ImageRouteOptions, decision: Decision) {
  const { spec, status, presentation } = decision;
  const length = await parts.variants.lengthOf(spec);
  context.set('tier', length === null ? 'none' : 'bucket');
  return new Response(null, {
    status,
    headers: {
      'Cache-Status': `tintype; ${length === null ? 'fwd=miss' : 'hit; detail=bucket'}`,
      ...(length === null ? {} : { 'Content-Length': String(presentation.lengthOf(length)) }),
      ...describeTransform(decision),
    },
  });
}

function image(context: HttpContext, parts: ImageRouteOptions, decision: Decision, found: Obtained): Response {
  const { presentation, status } = decision;
  const length = presentation.lengthOf(found.bytes.byteLength);
  context.set('tier', found.tier);
  context.set('format', decision.spec.plan.format);
  if (found.tier !== 'memory') context.set('stages', rounded(found.stages));
  const isHead = context.req.method === 'HEAD';
  if (!isHead) parts.bytesInFlight.hold(context, length);
  const body = isHead ? null : presentation.bodyOf(found.bytes);
  if (body !== null) context.set('bytes', length);
  return new Response(body, { status, headers: imageAnswerHeaders(decision, found, length) });
}

import { LRUCache } from 'lru-cache';
import { Failure } from '../../errors.ts';
import type { OriginalLookup } from '../../library/intake/read-through.ts';
import type { Original } from '../../library/original.ts';
import type { EncodedCandidate, FormatSelection } from '../../library/selection/format-choice.ts';
import type { VariantLibrary } from '../../library/variants/naming.ts';
import type { VariantSpec } from '../../library/variants/spec.ts';
import type { Requester } from '../../library/variants/variants.ts';
import { printImagePath } from '../../transform/canonical.ts';
import { layerIds } from '../../transform/layers.ts';
import { bucketOf, maxAccept } from '../../transform/negotiate.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { Bucket, RequestedTransform } from '../../transform/transform.ts';
import { turnedPath } from '../../transform/turned.ts';
import { cacheTags, imageHeaders, type Lifetimes, standInHeaders, tagHeaders } from './cache-headers.ts';
import type { ParsedImageUrl } from './image-url.ts';
import { type Presentation, presentationOf } from './presentation.ts';
import { suggestOriginal } from './suggest-original.ts';

export interface DecisionOptions {
  readonly originals: OriginalLookup;
  readonly library: VariantLibrary;
  readonly formatSelection: FormatSelection;
  readonly lifetimes: Lifetimes;
  /** `redirect`: under `f_auto`, clients are sent on to the URL of the format that won. */
  readonly auto: 'serve' | 'redirect';
}

/** What stays the same however often a URL is asked for. */
export interface DecisionLookup extends ParsedImageUrl {
  /** What was decided last for clients of each kind; it may be out of date. */
  readonly decisions: Map<Bucket, Decision>;
}

export type AnswerHeaders = Readonly<Record<string, string>>;

/** All of an answer that does not depend on its bytes. */
export interface Decision {
  readonly kind: 'decided';
  readonly spec: VariantSpec;
  /** 404 where a default image stands in for a missing original (RFC 9110 §15.5.5: it may well have content). */
  readonly status: 200 | 404;
  /** What a 200, a 304 and a HEAD have in common. */
  readonly headers: AnswerHeaders;
  readonly presentation: Presentation;
  /** Where to send who asks, or null where the URL is answered itself. */
  readonly redirectTo: string | null;
  /** All headers of a hit in memory, once there was one, and how long its body was: ready for the next. */
  ready: { readonly length: number; readonly headers: AnswerHeaders } | null;
  /** All headers of a 304. */
  readonly unchanged: AnswerHeaders;
}

/** It takes encodings to tell which picture it will be, so there is no entity tag yet. */
export interface NeedsEncoding {
  readonly kind: 'undecided';
  readonly status: 200 | 404;
  readonly headers: AnswerHeaders;
  /** Entity tags of what it may be. */
  readonly etags: readonly string[];
  decide(asker: Requester): Promise<EncodedCandidate | null>;
}

/** What was decided for such a client before and still stands, where that can be told without asking the store. */
export function cachedDecision(
  { originals, library }: DecisionOptions,
  { id, transform, decisions }: DecisionLookup,
  accept: string | null,
): Decision | null {
  const decision = decisions.get(bucketFor(transform, accept));
  const original = originals.known(id);
  return decision !== undefined && original !== undefined && library.isStored(decision.spec, original)
    ? decision
    : null;
}

/** Browsers of one kind all send the same, so what was read is kept: 512 headers of at most 1 kB. */
const bucketsKept = new LRUCache<string, Bucket>({ max: 512 });

function bucketFor({ answer }: RequestedTransform, accept: string | null): Bucket {
  if (answer.f !== 'auto' || accept === null) return 'base';
  const known = bucketsKept.get(accept);
  if (known !== undefined) return known;
  const bucket = bucketOf(accept);
  if (accept.length <= maxAccept) bucketsKept.set(accept, bucket);
  return bucket;
}

/** Planning, hashing and printing are half of what a hit costs, so a decision stands until its original or the epoch changes. */
export async function decide(
  parts: DecisionOptions,
  asked: DecisionLookup,
  accept: string | null,
): Promise<Decision | NeedsEncoding> {
  const { id, transform, decisions } = asked;
  const known = parts.originals.known(id);
  // Where the store has to be asked for the one, it is asked for the other meanwhile.
  if (known === undefined) parts.library.prefetchRecords();
  const original = known ?? (await describe(parts, asked));
  const bucket = bucketFor(transform, accept);
  const before = decisions.get(bucket);
  if (before !== undefined && (await parts.library.isCurrent(before.spec, original))) return before;
  const choice = await parts.formatSelection
    .choose(original, resolveTransform(transform, { accept }))
    .catch((thrown: unknown) => tagHeadersFor(asked, thrown));
  const status = original.id === id ? 200 : 404;
  if (choice.kind === 'open') {
    const { ETag: _, ...headers } = headersOf(parts, asked, choice.candidates[0]);
    const etags = choice.candidates.map(({ etag }) => etag);
    return { kind: 'undecided', status, headers, etags, decide: (asker) => choice.decide(asker) };
  }
  const { spec, quality } = choice;
  const headers = {
    ...(quality === null ? {} : { 'Tintype-Quality': String(quality) }),
    ...headersOf(parts, asked, spec),
  };
  const decision: Decision = {
    kind: 'decided',
    spec,
    status,
    headers,
    unchanged: unchangedHeaders(headers),
    presentation: presentationOf(transform.answer.fl ?? [], spec),
    redirectTo: status === 200 ? explicitPath(parts, asked, spec) : null,
    ready: null,
  };
  if (choice.isFinal) decisions.set(bucket, decision);
  return decision;
}

/** Of a 304. */
export const unchangedHeaders = (headers: AnswerHeaders): AnswerHeaders => ({
  'Cache-Status': 'tintype; hit; detail=validator',
  ...headers,
});

/** An answer that misses a layer is tagged for it, so that the PUT which brings it can purge the answer. */
function tagHeadersFor({ id, transform }: ParsedImageUrl, thrown: unknown): never {
  if (!(thrown instanceof Failure) || thrown.kind !== 'missing-layer') throw thrown;
  const { d = id } = transform.answer;
  const tags = [id, d, ...layerIds(transform.components)].map((each) => `img:${each}`);
  throw new Failure(thrown.kind, thrown.message, { headers: tagHeaders([...new Set(tags)]) });
}

function headersOf({ lifetimes }: DecisionOptions, asked: ParsedImageUrl, spec: VariantSpec): Record<string, string> {
  return spec.original.id === asked.id
    ? imageHeaders(asked.transform, spec, lifetimes)
    : standInHeaders(asked, spec, lifetimes);
}

/** The same URL with the format that won; null where it would be refused, or where the URL itself is answered. */
function explicitPath(
  { auto, lifetimes }: DecisionOptions,
  { id, transform }: ParsedImageUrl,
  { plan }: VariantSpec,
): string | null {
  if (auto === 'serve' || transform.answer.f !== 'auto' || !lifetimes.links) return null;
  return printImagePath(id, { ...transform, answer: { ...transform.answer, f: plan.format } });
}

/**
 * The original, or the default image where it is missing. A missing one is tagged like a present one, so that the PUT which
 * makes it present can purge the answer.
 */
async function describe({ originals, lifetimes }: DecisionOptions, asked: ParsedImageUrl): Promise<Original> {
  const { id, transform, segments } = asked;
  const instead = transform.answer.d ?? id;
  const found = (await originals.find(id)) ?? (instead === id ? null : await originals.find(instead));
  if (found !== null) return found;
  const tags = [...new Set([id, instead])].flatMap((missing) => cacheTags(missing, [], []));
  const headers = tagHeaders(tags);
  const turned = turnedPath(id, segments);
  const hint = turned === null ? '' : `; words stand behind the id, here ${turned}`;
  const suggestion = lifetimes.links ? await suggestOriginal(originals, asked, turned) : null;
  throw new Failure('missing-original', `No original has the id "${id}"${hint}`, { headers, suggestion });
}

import type { OriginalLookup } from '../../library/intake/read-through.ts';
import type { Original } from '../../library/original.ts';
import type { FormatSelection } from '../../library/selection/format-choice.ts';
import type { Placeholders } from '../../library/selection/placeholders.ts';
import type { Variants } from '../../library/variants/variants.ts';
import { splitImagePath } from '../../transform/image-path.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { RequestedTransform } from '../../transform/transform.ts';
import { cacheableJson } from '../message/json.ts';
import { jsonContent, type OperationDoc, planErrors } from '../message/operation-docs.ts';
import { type HttpContext, type Operation, requestTarget, type Target } from '../message/route.ts';
import { factHeaders } from './cache-headers.ts';
import { readImageUrl, type UrlRules } from './image-url.ts';
import { presentationOf } from './presentation.ts';

export interface InfoOptions extends UrlRules {
  readonly originals: OriginalLookup;
  readonly formatSelection: FormatSelection;
  readonly variants: Variants;
  readonly placeholders: Placeholders;
}

const doc: OperationDoc = {
  summary: 'What is known of a picture and, with words, of the answer they would get; nothing is rendered for it.',
  paths: ['/info/{id}', '/info/{id}/{transform}'],
  description:
    'With words, width, height, format, mediaType and bytes are those of the answer; bytes is null where it is not made yet, and exact is false where it takes pixels or encodings to tell the rest.',
  requestHeaders: ['If-None-Match'],
  responses: {
    200: {
      description: 'The facts.',
      headers: ['ETag', 'Cache-Control', 'Vary', 'Cache-Tag'],
      content: jsonContent('Info'),
    },
    304: { description: 'The client has them.', headers: ['ETag', 'Cache-Control', 'Vary', 'Cache-Tag'] },
  },
  errors: [...planErrors, 'overloaded'],
};

/** `GET /info/:id[/components]` */
export function getInfo(parts: InfoOptions): Operation {
  return {
    doc,
    handle: async (context) => {
      const transform = wordsOf(requestTarget(context), parts);
      const { id } = splitImagePath(requestTarget(context).path, '/info/');
      context.set('id', id);
      const varies = transform?.answer.f === 'auto';
      context.set('varies', varies);
      const original = await parts.originals.describe(id);
      const facts = { ...factsOf(original), ...(await parts.placeholders.of(original)) };
      const answer = transform === null ? {} : await answerOf(context, parts, original, transform);
      return cacheableJson(
        context,
        { ...facts, exact: true, quality: null, ...answer },
        factHeaders(context, original, varies),
      );
    },
  };
}

/** null where it is about the original: there are no words, or they ask for its stored bytes. */
function wordsOf(target: Target, parts: InfoOptions): RequestedTransform | null {
  if (splitImagePath(target.path, '/info/').segments.length === 0) return null;
  const { transform } = readImageUrl(target, parts, '/info/');
  return transform.answer.f === 'orig' ? null : transform;
}

function factsOf({ id, version, bytes, facts }: Original) {
  const { width, height, format, mediaType, alpha, pages } = facts;
  return { id, version, width, height, format, mediaType, bytes, alpha, pages };
}

/** What words would get. */
async function answerOf(
  context: HttpContext,
  { formatSelection, variants }: InfoOptions,
  original: Original,
  transform: RequestedTransform,
) {
  const accept = context.req.header('accept') ?? null;
  const choice = await formatSelection.choose(original, resolveTransform(transform, { accept }));
  const specs = choice.kind === 'open' ? choice.candidates : ([choice.spec] as const);
  const [first] = specs;
  const { plan } = first;
  const isDecided = specs.every((spec) => spec.plan.format === plan.format);
  const isMeasured = plan.width > 0;
  const presentation = presentationOf(transform.answer.fl ?? [], first);
  const bytes = choice.kind === 'open' ? null : await variants.lengthOf(choice.spec);
  return {
    width: isMeasured ? plan.width : original.facts.width,
    height: isMeasured ? plan.height : original.facts.height,
    format: plan.format,
    mediaType: presentation.mediaType,
    bytes: bytes === null ? null : presentation.lengthOf(bytes),
    exact: isDecided && isMeasured,
    quality: choice.kind === 'open' ? null : choice.quality,
  };
}

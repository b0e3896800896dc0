import { Failure, shorten } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import type { OriginalLookup } from '../../library/intake/read-through.ts';
import type { Original } from '../../library/original.ts';
import type { Breakpoints } from '../../library/selection/breakpoints.ts';
import type { Placeholders } from '../../library/selection/placeholders.ts';
import { printImagePath } from '../../transform/canonical.ts';
import { splitImagePath } from '../../transform/image-path.ts';
import { type ReportOnlyLadder, widthsOn } from '../../transform/ladder.ts';
import { readInteger } from '../../transform/params/param.ts';
import { maxSide } from '../../transform/params/size.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { RequestedTransform } from '../../transform/transform.ts';
import type { Access } from '../auth/access.ts';
import { cacheableJson, readQuery } from '../message/json.ts';
import { jsonContent, type OperationDoc, sourceErrors } from '../message/operation-docs.ts';
import { type HttpContext, type Operation, requestTarget } from '../message/route.ts';
import { factHeaders } from './cache-headers.ts';
import { describePicture, htmlOf, type PictureChoices } from './picture-html.ts';
import { type RenderingOptions, renderingFor } from './rendering-deadline.ts';

export interface PictureRouteOptions extends RenderingOptions {
  readonly originals: OriginalLookup;
  readonly placeholders: Placeholders;
  readonly breakpoints: Breakpoints;
  readonly ladder: ReportOnlyLadder;
  readonly presetsOnly: boolean;
  readonly access: Access;
  /** The path of an image as it may be asked for. */
  readonly sign: (path: string) => string;
}

const maxWidths = 16;
const maxSizes = 500;

const doc: OperationDoc = {
  summary:
    'All there is to say for `<picture>`: formats and widths that make a difference in bytes, a placeholder, and the HTML.',
  description:
    'What makes a difference is measured once on a few renderings. `alt` comes from the metadata of that name. Where URLs are signed, theirs are, and `widths` takes a token.',
  paths: ['/picture/{id}'],
  query: {
    sizes: { schema: { type: 'string', default: '100vw' }, description: 'How wide the picture is shown, as in HTML.' },
    widths: {
      schema: { type: 'string', examples: ['320,640,1280'] },
      description: 'Widths in pixels, at most 16, instead of measured ones; those beyond the original are left out.',
    },
  },
  requestHeaders: ['If-None-Match'],
  responses: {
    200: {
      description: 'The picture.',
      headers: ['ETag', 'Cache-Control', 'Cache-Tag'],
      content: jsonContent('Picture'),
    },
    304: { description: 'The client has it.', headers: ['ETag', 'Cache-Control', 'Cache-Tag'] },
  },
  errors: [
    'bad-words',
    'bad-request',
    'forbidden',
    'missing-original',
    'path-too-long',
    'store-unreachable',
    'damaged-original',
    'over-budget',
    'overloaded',
    'deadline',
    ...sourceErrors,
  ],
};

/** `GET /picture/:id?sizes&widths` */
export function getPicture(parts: PictureRouteOptions): Operation {
  return {
    doc,
    handle: async (context) => {
      const { id, segments } = splitImagePath(requestTarget(context).path, '/picture/');
      if (segments.length > 0) throw new Failure('bad-request', 'Expected nothing behind the id but sizes and widths');
      context.set('id', id);
      const query = readQuery(context, ['sizes', 'widths']);
      const sizes = sizesIn(query.get('sizes'));
      const asked = widthsIn(query.get('widths'));
      checkAllowed(context, parts, asked);
      const original = await parts.originals.describe(id);
      const placeholder = await parts.placeholders.of(original);
      const choices = await choicesOf(context, parts, original, asked);
      const urlOf = (width: number, format: FormatName) =>
        parts.sign(printImagePath(id, atWidth(width, format, original.version)));
      const facts = { original, placeholder, choices, sizes, urlOf };
      const picture = describePicture(facts);
      return cacheableJson(
        context,
        { ...picture, html: htmlOf(picture, facts) },
        factHeaders(context, original, false),
      );
    },
  };
}

/** A signature is of a path alone: whoever has one may not choose widths, or one URL would sign all others. */
function checkAllowed(
  context: HttpContext,
  { presetsOnly, access }: PictureRouteOptions,
  asked: readonly number[] | null,
): void {
  if (presetsOnly) throw new Failure('forbidden', 'Expected presets alone: this server answers no widths');
  if (asked === null || context.var.signed === undefined || access.grants(context, 'read')) return;
  throw new Failure('forbidden', 'Expected a token beside widths: their URLs are signed for whoever asks');
}

function sizesIn(text = '100vw'): string {
  if (text.length <= maxSizes && /^[\w\s.,()<>=:%+*/-]+$/.test(text)) return text;
  throw new Failure(
    'bad-request',
    `Expected sizes as in HTML, such as (min-width: 40em) 50vw, 100vw but received "${shorten(text)}"`,
  );
}

function widthsIn(text: string | undefined): readonly number[] | null {
  if (text === undefined) return null;
  const widths = text.split(',').flatMap((one) => readInteger(one, 1, maxSide) ?? []);
  if (widths.length <= maxWidths && widths.length === text.split(',').length) return widths;
  throw new Failure(
    'bad-request',
    `Expected widths as 1 to ${maxWidths} integers from 1 to ${maxSide} joined by commas but received "${shorten(text)}"`,
  );
}

/** Never beyond the original; where the operator has a ladder, its rungs and no others. */
async function choicesOf(
  context: HttpContext,
  parts: PictureRouteOptions,
  original: Original,
  asked: readonly number[] | null,
): Promise<PictureChoices> {
  const { breakpoints, ladder } = parts;
  const rendering = renderingFor(context, parts);
  const allowed = asked === null ? (ladder.kind === 'free' ? null : ladder.widths) : widthsOn(ladder, asked);
  const at = (width: number, format: FormatName) => resolveTransform(atWidth(width, format), { accept: null });
  const formats = await rendering((asker) => breakpoints.formats(original, at, asker));
  if (allowed !== null) return { formats, widths: await breakpoints.fitting(original, allowed, at) };
  return { formats, widths: await rendering((asker) => breakpoints.widths(original, at, asker)) };
}

function atWidth(width: number, format: FormatName, version?: string): RequestedTransform {
  const v = version === undefined ? {} : { v: version.slice(0, 8) };
  return { components: [{ w: { unit: 'px', value: width } }], answer: { ...v, f: format }, presets: [] };
}

import * as v from 'valibot';
import { Failure, shorten } from '../../errors.ts';
import type { Ingest, UploadDetails } from '../../library/intake/ingest.ts';
import { newId } from '../../library/originals/new-id.ts';
import type { Deprecations } from '../../observability/deprecations.ts';
import { checkFonts } from '../../transform/fonts.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { canonicalId, idPattern, idRule } from '../../transform/id.ts';
import { checkId, mistakeAt, pathOfWords, refuse } from '../../transform/image-path.ts';
import { layerIds } from '../../transform/layers.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { Presets, RequestedTransform, ResolvedTransform } from '../../transform/transform.ts';
import { bytesOfDataUrl } from '../message/data-url.ts';
import { readQuery } from '../message/json.ts';
import { member, members, readJson, readMembers, rule } from '../message/json-body.ts';
import type { OperationDoc } from '../message/operation-docs.ts';
import type { HttpContext, Operation } from '../message/route.ts';
import { focalPointMember, tagsMember } from './annotations.ts';
import { putDoc } from './docs.ts';
import { formOverhead, readForm } from './form-body.ts';
import { answerUpload, readPreferences, type UploadAnswerOptions, type UploadPreferences } from './upload-answer.ts';
import { checkBodyHeaders, readFocalPoint, readPrecondition, readSanitize, readTags } from './upload-body.ts';

export interface PostOriginalOptions extends UploadAnswerOptions {
  readonly ingest: Ingest;
  readonly presets: Presets;
  /** Families that text may be set in. */
  readonly fonts: readonly string[];
  readonly deprecations: Pick<Deprecations, 'used'>;
}

const {
  query: { eager },
  errors,
  ...putDocRest
} = putDoc;

const doc: OperationDoc = {
  ...putDocRest,
  summary: 'Stores an original from a form or from JSON, under its `id` or a new one (UUIDv7).',
  query: { eager },
  requestHeaders: ['If-Match', 'If-None-Match', 'Prefer'],
  body: {
    means: 'A form with the file in `file` and, if you like, `id`, `tags`, `focal`, `sanitize`; or JSON.',
    types: ['multipart/form-data', 'application/json'],
    schema: { $ref: '#/components/schemas/NewOriginal' },
  },
  errors: [...errors, 'forbidden', 'over-limit', 'source-unreachable'],
};

/** Bytes of JSON a `data:` URL may have at most, whatever an upload may have: it is held in memory while it is read. */
const maxJson = 32 * 1024 * 1024;

/** The JSON body of `POST /originals`. */
export const newOriginalSchema = v.pipe(
  members({
    dataUrl: member('dataUrl as data:image/…;base64,… (RFC 2397)', v.pipe(v.string(), v.regex(/^data:[^,]*,/))),
    url: member('url as an http or https address', v.string(), {
      description: 'Of a host that may be fetched from.',
    }),
    transform: member('transform as components such as w_2000', v.string(), {
      description: 'Components, done once to what came.',
      examples: ['w_2000'],
    }),
    sanitize: member('sanitize as strip or webp', v.picklist(['strip', 'webp'])),
    normalize: member('normalize as strip or webp', v.picklist(['strip', 'webp']), {
      deprecated: true,
      description: 'The old name of `sanitize`.',
    }),
    id: member(idRule, v.pipe(v.string(), v.regex(idPattern))),
    tags: tagsMember,
    focalPoint: focalPointMember,
  }),
  rule('either dataUrl or url', ({ dataUrl, url }) => (dataUrl === undefined) !== (url === undefined), {
    oneOf: [{ required: ['dataUrl'] }, { required: ['url'] }],
  }),
);

const formWords = ['id', 'tags', 'focal', 'sanitize', 'normalize'] as const;

/** `POST /originals`: a browser's form, or JSON. */
export function postOriginal(parts: PostOriginalOptions): Operation {
  return {
    doc,
    handle: (context) => {
      const preferences = readPreferences(context, readQuery(context, ['eager']), parts.eager);
      const [type = ''] = (context.req.header('content-type') ?? '').toLowerCase().split(';');
      if (type.trim() === 'multipart/form-data') return takeForm(context, parts, preferences);
      if (type.trim() === 'application/json') return takeJson(context, parts, preferences);
      throw new Failure(
        'not-an-image',
        `Expected multipart/form-data or application/json but received "${shorten(type)}"; bytes go to PUT /originals/{id}`,
      );
    },
  };
}

async function takeForm(
  context: HttpContext,
  parts: PostOriginalOptions,
  preferences: UploadPreferences,
): Promise<Response> {
  const { ingest } = parts;
  checkBodyHeaders(context, ingest.maxBytes + formOverhead);
  const { file, fields } = readForm(context, formWords);
  const about = (): UploadDetails => {
    const given = fields.get('id');
    const id = idOf(context, given === undefined ? undefined : (canonicalId(given) ?? given));
    return {
      id,
      tags: readTags(fields),
      focalPoint: readFocalPoint(fields),
      ...readSanitize(fields, parts.deprecations),
    };
  };
  const taken = await ingest.storeFromForm({ body: file, about, precondition: readPrecondition(context) });
  return answerUpload(taken, preferences, parts);
}

/** The id that was given, or a new one. */
function idOf(context: HttpContext, given: string | undefined): string {
  const id = given === undefined ? newId(Date.now()) : checkId(given);
  context.set('id', id);
  return id;
}

async function takeJson(
  context: HttpContext,
  parts: PostOriginalOptions,
  preferences: UploadPreferences,
): Promise<Response> {
  checkBodyHeaders(context, maxJson);
  const { ingest } = parts;
  const read = readMembers(
    newOriginalSchema,
    await readJson(context, maxJson),
    '{"url":"https://example.com/cat.jpg"}',
  );
  const { dataUrl = '', url, id, transform, sanitize, normalize, tags = null, focalPoint = null } = read;
  const body = url === undefined ? oneChunk(bytesOfDataUrl(dataUrl)) : ingest.storeFromUrl(url);
  const once = transform === undefined ? {} : { transform: transformIn(transform, parts) };
  const words = Object.entries({ sanitize, normalize }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const how = readSanitize(new Map(words), parts.deprecations);
  const about = { id: idOf(context, id), tags: tags === null ? null : [...new Set(tags)], focalPoint, ...once, ...how };
  const precondition = readPrecondition(context);
  const taken = await ingest.store({ ...about, body, precondition });
  return answerUpload(taken, preferences, parts);
}

/** Components as in an image URL, without an id before and a file name behind; mistakes are counted from their beginning. */
function transformIn(text: string, { presets, fonts }: PostOriginalOptions): ResolvedTransform {
  const path = pathOfWords('it', text);
  const asked = parseTransform(path, presets);
  checkFonts(path, asked, fonts);
  checkPictureAlone(asked);
  const [layer] = layerIds(asked.components);
  if (layer !== undefined) {
    refuse([mistakeAt(0, layer, 'a transform without layers of other originals', 'l_text:DejaVu Sans_24:Hello')]);
  }
  return resolveTransform(asked, { accept: null });
}

/** What is stored is a picture: who gets it how, and what it is compared with, is not part of it. */
function checkPictureAlone({ answer: { v, d, exp, mb, q, f, fl = [] } }: RequestedTransform): void {
  const searched = q?.kind === 'ssim' ? 'q_ssim' : null;
  const sent = fl.find((flag) => flag === 'attachment' || flag === 'datauri');
  const of = Object.entries({ v, d, exp, mb }).find(([, value]) => value !== undefined)?.[0];
  const word = f === 'orig' ? 'f_orig' : (searched ?? (sent === undefined ? of : `fl_${sent}`));
  if (word === undefined) return;
  refuse([
    mistakeAt(
      0,
      word,
      'a transform that says what the picture is, without v, d, exp, mb, q_ssim, f_orig',
      'w_400,f_webp',
    ),
  ]);
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

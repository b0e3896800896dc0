import { cut, Failure } from '../../errors.ts';
import type { About, Ingest } from '../../library/intake/ingest.ts';
import { newId } from '../../library/originals/new-id.ts';
import { checkFonts } from '../../transform/fonts.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { checkId, mistakeAt, pathOfWords, refuse } from '../../transform/image-path.ts';
import { layerIds } from '../../transform/layers.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { Presets, RequestedTransform, ResolvedTransform } from '../../transform/transform.ts';
import { bytesOfDataUrl } from '../message/data-url.ts';
import { formOf, formOverhead } from './form-body.ts';
import { queryOf } from '../message/json.ts';
import { jsonIn, membersIn } from '../message/json-body.ts';
import { notesIn } from './annotations.ts';
import { tellsOfPut } from './docs.ts';
import type { HttpContext, Operation } from '../message/route.ts';
import type { Tells } from '../message/operation-docs.ts';
import { type AnsweringParts, answerUpload, type Wishes, wishesOf } from './upload-answer.ts';
import { checkBodyHeaders, focalIn, normalizeIn, preconditionOf, tagsIn } from './upload-body.ts';

export interface PostParts extends AnsweringParts {
  readonly ingest: Ingest;
  readonly presets: Presets;
  /** Families that text may be set in. */
  readonly fonts: readonly string[];
}

const {
  query: { eager },
  refuses,
  ...told
} = tellsOfPut;

const tells: Tells = {
  ...told,
  does: 'Stores an original from a form or from JSON, under its `id` or a new one (UUIDv7).',
  query: { eager },
  honours: ['If-Match', 'If-None-Match', 'Prefer'],
  body: {
    means: 'A form with the file in `file` and, if you like, `id`, `tags`, `focal`, `normalize`; or JSON.',
    types: ['multipart/form-data', 'application/json'],
    schema: { $ref: '#/components/schemas/NewOriginal' },
  },
  refuses: [...refuses, 'forbidden', 'over-limit', 'source-unreachable'],
};

/** Bytes of JSON a `data:` URL may have at most, whatever an upload may have: it is held in memory while it is read. */
const longestJson = 32 * 1024 * 1024;

const jsonWords = ['dataUrl', 'url', 'id', 'transform', 'normalize', 'tags', 'focalPoint'];
const formWords = ['id', 'tags', 'focal', 'normalize'] as const;

/** `POST /originals`: a browser's form, or JSON. */
export function postOriginal(parts: PostParts): Operation {
  return {
    tells,
    handle: (context) => {
      const wishes = wishesOf(context, queryOf(context, ['eager']), parts.eager);
      const [type = ''] = (context.req.header('content-type') ?? '').toLowerCase().split(';');
      if (type.trim() === 'multipart/form-data') return takeForm(context, parts, wishes);
      if (type.trim() === 'application/json') return takeJson(context, parts, wishes);
      throw new Failure(
        'not-an-image',
        `Expected multipart/form-data or application/json but received "${cut(type)}"; bytes go to PUT /originals/{id}`,
      );
    },
  };
}

async function takeForm(context: HttpContext, parts: PostParts, wishes: Wishes): Promise<Response> {
  const { ingest } = parts;
  checkBodyHeaders(context, ingest.maxBytes + formOverhead);
  const { file, fields } = formOf(context, formWords);
  const about = (): About => {
    const id = idOf(context, fields.get('id'));
    return { id, tags: tagsIn(fields), focalPoint: focalIn(fields), ...normalizeIn(fields) };
  };
  const taken = await ingest.takeForm({ body: file, about, precondition: preconditionOf(context) });
  return answerUpload(taken, wishes, parts);
}

/** The id that was given, or a new one. */
function idOf(context: HttpContext, given: unknown): string {
  if (given !== undefined && typeof given !== 'string') throw new Failure('bad-request', 'Expected id as a string');
  const id = given === undefined ? newId(Date.now()) : checkId(given);
  context.set('id', id);
  return id;
}

async function takeJson(context: HttpContext, parts: PostParts, wishes: Wishes): Promise<Response> {
  checkBodyHeaders(context, longestJson);
  const { ingest } = parts;
  const members = membersIn(await jsonIn(context, longestJson), jsonWords, '{"url":"https://example.com/cat.jpg"}');
  const { dataUrl, url, id: given, transform, normalize, ...rest } = Object.fromEntries(members);
  if ((dataUrl === undefined) === (url === undefined)) {
    throw new Failure('bad-request', 'Expected either dataUrl or url');
  }
  const { tags = null, focalPoint = null } =
    Object.keys(rest).length === 0 ? {} : notesIn(rest, ['tags', 'focalPoint']);
  const body = url === undefined ? oneChunk(bytesOfDataUrl(textIn({ dataUrl }))) : ingest.bring(textIn({ url }));
  const once = transform === undefined ? {} : { transform: transformIn(textIn({ transform }), parts) };
  const how = normalize === undefined ? {} : normalizeIn(new Map([['normalize', textIn({ normalize })]]));
  const about = { id: idOf(context, given), tags, focalPoint, ...once, ...how };
  const precondition = preconditionOf(context);
  const taken = await ingest.take({ ...about, body, precondition });
  return answerUpload(taken, wishes, parts);
}

/** The one member, which has to be a string. */
function textIn(member: Readonly<Record<string, unknown>>): string {
  const [[name, value] = []] = Object.entries(member);
  if (typeof value === 'string') return value;
  throw new Failure('bad-request', `Expected ${name} as a string`);
}

/** Components as in an image URL, without an id before and a file name behind; mistakes are counted from their beginning. */
function transformIn(text: string, { presets, fonts }: PostParts): ResolvedTransform {
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

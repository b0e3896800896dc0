import * as v from 'valibot';
import { Failure, type FailureKind } from '../../errors.ts';
import { formats } from '../../formats/index.ts';
import { bodyTooBig, type Facts, type Ingest, type UploadDetails } from '../../library/intake/ingest.ts';
import { newId } from '../../library/originals/new-id.ts';
import type { Published } from '../../library/originals/originals.ts';
import type { ClaimedToken, UploadToken, UploadTokens } from '../../library/originals/upload-tokens.ts';
import { idPattern, idRule } from '../../transform/id.ts';
import type { Presets } from '../../transform/transform.ts';
import type { TokenThrottle } from '../auth/token-throttle.ts';
import { bodyOf } from '../message/body.ts';
import { json, readQuery } from '../message/json.ts';
import { member, members, readJson, readMembers, shortenJson } from '../message/json-body.ts';
import { jsonContent } from '../message/operation-docs.ts';
import { type HttpContext, type Operation, requestTarget } from '../message/route.ts';
import { putDoc } from './docs.ts';
import { answerUpload, type UploadAnswerOptions } from './upload-answer.ts';
import { checkBodyHeaders, readDigests } from './upload-body.ts';

export interface UploadsRouteOptions extends UploadAnswerOptions {
  readonly ingest: Ingest;
  readonly uploadTokens: UploadTokens;
  readonly presets: Presets;
  readonly throttle: TokenThrottle;
}

export const nowInSeconds = () => Math.floor(Date.now() / 1000);

/** Seconds. */
const usualLife = 900;
const maxLife = 7 * 86_400;
const maxSide = 100_000;
const maxListed = 16;

const mediaTypes = new Map(
  Object.values(formats).flatMap(({ name, mediaType }) => [
    [name, mediaType] as const,
    [mediaType, mediaType] as const,
  ]),
);

const integerUpTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** The body of `POST /uploads`; what depends on this server or on the time is checked after it. */
export const newUploadSchema = members({
  id: member(idRule, v.pipe(v.string(), v.regex(idPattern))),
  bytes: member('bytes as an integer from 1', integerUpTo(Number.MAX_SAFE_INTEGER), { description: 'At most.' }),
  types: member(
    `types as a list of ${[...mediaTypes.keys()].join(', ')}`,
    v.pipe(v.array(v.picklist([...mediaTypes.keys()])), v.minLength(1), v.maxLength(maxListed)),
  ),
  sides: member(`sides as an integer from 1 to ${maxSide}`, integerUpTo(maxSide), {
    description: 'Longest side in upright pixels.',
  }),
  presets: member(
    `presets as a list of 1 to ${maxListed} names`,
    v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(maxListed)),
    { description: 'Variants made at once.' },
  ),
  expiry: member(
    'expiry as a time such as 15m or 2030-01-31T12:00:00Z, at most 7 days ahead',
    v.pipe(v.string(), v.regex(/^(?:\d{1,7}[smhd]|\d{4}-\d\d-\d\dT\d\d:\d\d.*)$/)),
    { description: 'A time, or how long from now; at most 7 days.', examples: ['15m'] },
  ),
});

/** `POST /uploads`: a token with which a client without rights may upload one picture. */
export function postUploads({ ingest, uploadTokens, presets }: UploadsRouteOptions): Operation {
  return {
    doc: {
      summary: 'Gives a token with which anybody may upload one picture, once.',
      body: {
        means: 'What may be brought; all of it may be left out.',
        types: ['application/json'],
        schema: { $ref: '#/components/schemas/NewUpload' },
        example: {
          id: 'avatar:7',
          bytes: 5_000_000,
          types: ['image/jpeg'],
          sides: 6000,
          presets: ['thumb'],
          expiry: '15m',
        },
      },
      responses: { 201: { description: 'The token.', headers: ['Location'], content: jsonContent('UploadPermit') } },
      errors: ['bad-request', 'digest-differs', 'too-big', 'store-unreachable', 'deadline', 'disk-full'],
    },
    handle: async (context) => {
      const uploadToken = tokenLimitsIn(await readJson(context), { maxBytes: ingest.maxBytes, presets });
      context.set('id', uploadToken.id);
      const token = await uploadTokens.issue(uploadToken);
      const { expires, ...rest } = uploadToken;
      const url = `/uploads/${token}`;
      return json({ token, url, ...rest, expiry: new Date(expires * 1000).toISOString() }, 201, { Location: url });
    },
  };
}

/** What only a PUT with an id and words of its own can be refused with. */
const whollyPut: readonly FailureKind[] = ['precondition', 'bad-words', 'forbidden', 'path-too-long'];

/** `PUT /uploads/:token`: the picture. A token whose upload was refused can be used again. */
export function putUpload(parts: UploadsRouteOptions): Operation {
  const { ingest, uploadTokens } = parts;
  const { query: _none, requestHeaders: _those, ...doc } = putDoc;
  return {
    doc: {
      ...doc,
      summary: 'Stores the picture that an upload token permits.',
      requestHeaders: ['Content-Digest'],
      errors: [...doc.errors.filter((kind) => !whollyPut.includes(kind)), 'expired', 'over-budget'],
    },
    handle: async (context) => {
      readQuery(context, []);
      const token = requestTarget(context).path.slice('/uploads/'.length);
      const uploadToken = await peekToken(context, parts, token);
      context.set('id', uploadToken.id);
      checkBodyHeaders(context, uploadToken.bytes);
      const digests = readDigests(context);
      const wanted = parts.eager.read(uploadToken.presets);
      const taken = await uploadTokens.claim(token, nowInSeconds());
      const sent = { body: limited(bodyOf(context), uploadToken.bytes), precondition: null, ...digests };
      const published = await storeClaimed(taken, (details) => ingest.store({ ...details, ...sent }));
      return answerUpload(published, { wanted, isAsync: false }, parts);
    },
  };
}

/** What the token permits. Counts a wrong token of its client. */
export async function peekToken(
  context: HttpContext,
  { uploadTokens, throttle }: UploadsRouteOptions,
  token: string,
): Promise<UploadToken> {
  try {
    return await uploadTokens.peek(token, nowInSeconds());
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.kind === 'expired') throttle.countWrong(context);
    throw thrown;
  }
}

/** Stores the upload of a claimed token. Where it fails nothing was stored, and the token can be used again. */
export async function storeClaimed(
  token: ClaimedToken,
  store: (details: UploadDetails) => Promise<Published>,
): Promise<Published> {
  const admit = (facts: Facts) => checkFacts(facts, token);
  try {
    return await store({ id: token.id, tags: null, focalPoint: null, admit });
  } catch (thrown) {
    await token.release().catch(() => {});
    throw thrown;
  }
}

function checkFacts({ mediaType, width, height }: Facts, { types, sides }: UploadToken): void {
  if (types !== null && !types.includes(mediaType)) {
    throw new Failure('not-an-image', `Expected one of ${types.join(', ')} but received ${mediaType}`);
  }
  if (sides !== null && Math.max(width, height) > sides) {
    throw new Failure('refused-image', `Expected sides of at most ${sides} pixels but received ${width} × ${height}`);
  }
}

/** Passes bytes on. Throws `too-big` once there are more than `most`. */
export async function* limited(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > most) throw bodyTooBig(most);
    yield chunk;
  }
}

interface UploadTokenLimits {
  readonly maxBytes: number;
  readonly presets: Presets;
}

/** Throws `bad-request`. */
function tokenLimitsIn(read: unknown, { maxBytes, presets }: UploadTokenLimits): UploadToken {
  const given = readMembers(newUploadSchema, read, '{"id":"avatar:7"}');
  const { id = newId(Date.now()), bytes = maxBytes, types, sides = null, presets: names = [], expiry } = given;
  if (bytes > maxBytes) throw wrong(`bytes as an integer from 1 to ${maxBytes}`, bytes);
  if (!names.every((name) => presets.has(name))) {
    throw wrong(`presets as a list of ${[...presets.keys()].join(', ')}`, names);
  }
  return {
    id,
    bytes,
    types: types === undefined ? null : [...new Set(types.flatMap((type) => mediaTypes.get(type) ?? []))],
    sides,
    presets: [...new Set(names)],
    expires: expiryOf(expiry ?? `${usualLife}s`),
  };
}

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A time, or how long from now. */
function expiryOf(text: string): number {
  const now = nowInSeconds();
  const [, count, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && Number.isFinite(Date.parse(text));
  const at = isTime ? Math.floor(Date.parse(text) / 1000) : now + Number(count) * units[unit as keyof typeof units];
  if (at > now && at <= now + maxLife) return at;
  throw wrong('expiry as a time such as 15m or 2030-01-31T12:00:00Z, at most 7 days ahead', text);
}

function wrong(expected: string, received: unknown): Failure {
  return new Failure('bad-request', `Expected ${expected} but received ${shortenJson(received)}`);
}

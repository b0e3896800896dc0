import { failures } from '../../errors.ts';
import { formats } from '../../formats/index.ts';
import { warmUpSchema } from '../admin/jobs-routes.ts';
import { purgeSchema } from '../admin/purge-body.ts';
import { reportOnlyRules } from '../auth/report-only.ts';
import { publishedSchema } from '../message/json-body.ts';
import type { Schema } from '../message/operation-docs.ts';
import { annotationsSchema } from '../originals/annotations.ts';
import { newOriginalSchema } from '../originals/post-route.ts';
import { newUploadSchema } from '../originals/uploads-routes.ts';
import { purgeSchemas } from './purge-schemas.ts';
import { idSchema, integer, list, object, objects, orNull, reference, side, string } from './schema-builders.ts';

const time = { type: 'string', format: 'date-time' } as const;
const counted = { count: integer, bytes: integer };
const clock = { enum: ['ok', 'skewed', 'jumped'] } as const;

const annotations = Object(publishedSchema(annotationsSchema)['properties']);

/** What JSON bodies look like, by name. */
export const schemas: Readonly<Record<string, Schema>> = {
  Id: idSchema,
  Variant: object({
    name: string,
    url: orNull(string),
    width: orNull(side),
    height: orNull(side),
    bytes: orNull(integer),
    mediaType: orNull(string),
    error: orNull(string),
  }),
  Original: object(
    {
      id: reference('Id'),
      path: { ...string, description: 'The path that an id of the form `path~…` stands for.' },
      version: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the bytes.' },
      bytes: integer,
      mediaType: string,
      format: { enum: [...Object.keys(formats), 'svg'] },
      width: side,
      height: side,
      alpha: { type: 'boolean' },
      pages: { type: 'integer', minimum: 1, description: 'Frames or pages.' },
      createdAt: { type: 'string', format: 'date-time' },
      ...annotations,
      removed: { ...list(string), description: 'What was taken out of the bytes that came.' },
      url: string,
      versionedUrl: string,
      variants: list(reference('Variant')),
    },
    ['path'],
  ),
  Notes: publishedSchema(annotationsSchema),
  NewOriginal: publishedSchema(newOriginalSchema),
  NewUpload: publishedSchema(newUploadSchema),
  UploadPermit: object({
    token: string,
    url: { type: 'string', description: 'Where the picture is PUT.' },
    id: reference('Id'),
    bytes: integer,
    types: orNull(list(string)),
    sides: orNull(side),
    presets: list(string),
    expiry: { type: 'string', format: 'date-time' },
  }),
  Info: object({
    id: reference('Id'),
    version: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the bytes.' },
    width: side,
    height: side,
    format: { enum: [...Object.keys(formats), 'svg'] },
    mediaType: string,
    bytes: orNull(integer),
    alpha: { type: 'boolean' },
    pages: { type: 'integer', minimum: 1 },
    dominantColor: { type: 'string', pattern: '^#[0-9a-f]{6}$' },
    thumbHash: { ...string, description: 'Base64.' },
    blurHash: string,
    placeholder: { ...string, description: 'A `data:` URL of a tiny picture.' },
    exact: { type: 'boolean', description: 'False where it takes pixels or encodings to tell.' },
    quality: { ...orNull({ type: 'integer' }), description: 'What was found, where it was left to us.' },
  }),
  Picture: object({
    sources: list(object({ type: string, srcset: string, sizes: string })),
    img: object({
      src: string,
      srcset: string,
      sizes: string,
      width: side,
      height: side,
      alt: string,
      placeholder: string,
    }),
    html: string,
  }),
  Explanation: object({
    canonical: string,
    plan: { type: 'object' },
    key: string,
    tier: { enum: ['memory', 'bucket', 'render'] },
    estimate: object({ megapixels: { type: 'number' }, memory: integer, milliseconds: integer }),
    warnings: list(string),
  }),
  Originals: object({
    originals: list(reference('Original')),
    cursor: { ...orNull(string), description: 'Where to go on; null at the end.' },
  }),
  Job: object({
    id: string,
    status: { enum: ['pending', 'processing', 'complete', 'failed'] },
    progress: { type: 'number', minimum: 0, maximum: 1, description: 'The share that is done.' },
    results: { type: 'array', description: 'What there is so far; of an upload, its variants.' },
    error: { ...orNull(string), description: 'Why it failed.' },
    createdAt: { type: 'string', format: 'date-time' },
  }),
  WarmUp: publishedSchema(warmUpSchema),
  PurgeRequest: publishedSchema(purgeSchema),
  ...purgeSchemas,
  SweepReceipt: object({
    dryRun: { type: 'boolean' },
    expired: objects,
    idle: objects,
    variants: objects,
    originals: objects,
    markers: objects,
    marked: { ...objects, description: 'Left to a later sweep, at least a day of uptime from now.' },
    clock: { ...clock, description: 'Unless it is `ok`, nothing was deleted by age.' },
  }),
  Stats: object({
    asOf: { ...orNull(time), description: 'When the last sweep was; null where there was none yet.' },
    originals: object({
      ...counted,
      oldest: orNull(time),
      newest: orNull(time),
      formats: { type: 'object', additionalProperties: object(counted) },
    }),
    variants: object(counted),
    source: { ...orNull(object(counted)), description: 'What lies in the source, asked for or not.' },
    copies: { ...object(counted), description: 'Working copies on this node, now.' },
  }),
  Report: object({
    rules: list({ enum: reportOnlyRules }),
    counts: object(Object.fromEntries(reportOnlyRules.map((rule) => [rule, integer]))),
    refused: list(
      object({
        rule: { enum: reportOnlyRules },
        referrer: orNull(string),
        words: orNull(string),
        example: string,
        count: integer,
      }),
    ),
    presets: {
      type: 'object',
      additionalProperties: string,
      description: 'Name → words, as TINTYPE_PRESETS takes them.',
    },
  }),
  Liveness: object({ status: { const: 'ok' } }),
  Readiness: object(
    {
      status: { enum: ['ready', 'not ready'] },
      reasons: list(string),
      store: { enum: ['ok', 'unreachable', 'read-only', 'full'] },
      redis: { enum: ['off', 'joined', 'disconnected'] },
      disk: { enum: ['ok', 'low', 'full'] },
      clock,
      renderers: { ...integer, description: 'Rendering processes that could take a render.' },
    },
    // While the server starts, nothing is known of them.
    ['store', 'redis', 'disk', 'clock', 'renderers'],
  ),
  Mistake: object({
    position: integer,
    received: string,
    expected: string,
    example: string,
    didYouMean: orNull(string),
    sentence: string,
  }),
  Problem: object(
    {
      type: { const: 'about:blank' },
      title: string,
      status: { type: 'integer', enum: [...new Set(Object.values(failures).map(({ status }) => status))] },
      code: { enum: Object.keys(failures) },
      detail: { type: 'string', description: 'Expected what, received what.' },
      mistakes: list(reference('Mistake')),
      more: { ...integer, description: 'How many mistakes there are beside those that `mistakes` lists.' },
      suggestion: { type: 'string', description: 'The path that is right instead, where it follows from the URL.' },
    },
    ['mistakes', 'more', 'suggestion'],
  ),
};

import { formats } from '../../formats/index.ts';
import { jsonOf, sourceRefusals, type Tells } from '../message/operation-docs.ts';

export const tellsOfPut = {
  does: 'Stores an original, or replaces one and forgets what was made from it.',
  notes: 'Honours `Expect: 100-continue`: what can be refused by header fields is refused before the body is sent.',
  query: {
    eager: {
      schema: { type: 'string', examples: ['thumb;w_400,f_webp'] },
      means: 'Variants to make at once: at most 16 presets or components, joined by semicolons.',
    },
    tags: { schema: { type: 'string' }, means: 'At most 16, joined by commas.' },
    normalize: {
      schema: { enum: ['strip', 'webp'] },
      means: 'Takes EXIF, GPS, XMP and the like out and turns upright; `webp` stores WebP besides.',
    },
    focal: {
      schema: { type: 'string', examples: ['0.3,0.6'] },
      means: 'The point that matters: shares of width and height.',
    },
  },
  honours: ['If-Match', 'If-None-Match', 'Content-Digest', 'Prefer'],
  body: { means: 'The bytes of a picture.', types: ['application/octet-stream', 'image/*'], schema: null },
  answers: {
    200: {
      means: 'Replaced, or the same bytes: nothing changes.',
      fields: ['ETag', 'Location'],
      content: jsonOf('Original'),
    },
    201: { means: 'New.', fields: ['ETag', 'Location'], content: jsonOf('Original') },
    202: {
      means: 'Stored; the variants are being made by the job at Location.',
      fields: ['ETag', 'Location', 'Preference-Applied'],
      content: jsonOf('Job'),
    },
  },
  refuses: [
    'bad-request',
    'bad-words',
    'forbidden',
    'path-too-long',
    'digest-differs',
    'precondition',
    'too-big',
    'not-an-image',
    'refused-image',
    'store-unreachable',
    'overloaded',
    'deadline',
    'disk-full',
  ],
} as const satisfies Tells;

const storedTypes = [
  ...Object.values(formats).map(({ mediaType }) => mediaType),
  'application/octet-stream',
  'text/plain; charset=utf-8',
];

export const tellsOfGet: Tells = {
  does: 'The stored bytes.',
  query: { encoding: { schema: { const: 'data-url' }, means: 'As the text of a `data:` URL; without ranges.' } },
  honours: ['If-Match', 'If-None-Match', 'Range', 'If-Range'],
  answers: {
    200: {
      means: 'All of them.',
      fields: ['ETag', 'Content-Digest', 'Content-Disposition'],
      content: { types: storedTypes, schema: null },
    },
    206: {
      means: 'The range.',
      fields: ['ETag', 'Content-Range', 'Content-Digest'],
      content: { types: storedTypes, schema: null },
    },
    304: { means: 'The client has them.', fields: ['ETag'] },
  },
  refuses: [
    'bad-request',
    'bad-words',
    'missing-original',
    'precondition',
    'no-such-range',
    ...sourceRefusals,
    'store-unreachable',
    'damaged-original',
    'deadline',
  ],
};

export const tellsOfInfo: Tells = {
  does: 'An original and its stored variants.',
  answers: { 200: { means: 'What is known of it.', content: jsonOf('Original') } },
  refuses: ['bad-words', 'missing-original', ...sourceRefusals, 'store-unreachable', 'damaged-original', 'deadline'],
};

export const tellsOfPatch: Tells = {
  does: 'Changes what is said of an original; a new focal point or lifetime forgets what was made from it.',
  honours: ['If-Match'],
  body: {
    means: 'What is to change; null takes a focal point or a lifetime away.',
    types: ['application/json'],
    schema: { $ref: '#/components/schemas/Notes' },
    example: { focalPoint: [0.3, 0.6], metadata: { title: 'Cat' } },
  },
  answers: { 200: { means: 'What is known of it now.', fields: ['ETag'], content: jsonOf('Original') } },
  refuses: [
    'bad-request',
    'bad-words',
    'digest-differs',
    'missing-original',
    ...sourceRefusals,
    'precondition',
    'too-big',
    'store-unreachable',
    'damaged-original',
    'overloaded',
    'deadline',
    'disk-full',
  ],
};

export const tellsOfDelete: Tells = {
  does: 'Deletes an original and everything made from it.',
  honours: ['If-Match'],
  answers: { 204: { means: 'It is gone.' } },
  refuses: ['bad-request', 'bad-words', 'missing-original', 'precondition', 'store-unreachable', 'deadline'],
};

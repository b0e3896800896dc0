import { formats } from '../../formats/index.ts';
import { jsonContent, type OperationDoc, sourceErrors } from '../message/operation-docs.ts';

export const putDoc = {
  summary: 'Stores an original, or replaces one and forgets what was made from it.',
  description:
    'Honours `Expect: 100-continue`: what can be refused by header fields is refused before the body is sent.',
  query: {
    eager: {
      schema: { type: 'string', examples: ['thumb;w_400,f_webp'] },
      description: 'Variants to make at once: at most 16 presets or components, joined by semicolons.',
    },
    tags: { schema: { type: 'string' }, description: 'At most 16, joined by commas.' },
    sanitize: {
      schema: { enum: ['strip', 'webp'] },
      description:
        'Removes EXIF, GPS, XMP and other metadata and turns the picture upright; `webp` also stores it as WebP.',
    },
    normalize: { schema: { enum: ['strip', 'webp'], deprecated: true }, description: 'Deprecated name of `sanitize`.' },
    focal: {
      schema: { type: 'string', examples: ['0.3,0.6'] },
      description: 'The point that matters: shares of width and height.',
    },
  },
  requestHeaders: ['If-Match', 'If-None-Match', 'Content-Digest', 'Prefer'],
  body: { means: 'The bytes of a picture.', types: ['application/octet-stream', 'image/*'], schema: null },
  responses: {
    200: {
      description: 'Replaced, or the same bytes: nothing changes.',
      headers: ['ETag', 'Location'],
      content: jsonContent('Original'),
    },
    201: { description: 'New.', headers: ['ETag', 'Location'], content: jsonContent('Original') },
    202: {
      description: 'Stored; the variants are being made by the job at Location.',
      headers: ['ETag', 'Location', 'Preference-Applied'],
      content: jsonContent('Job'),
    },
  },
  errors: [
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
} as const satisfies OperationDoc;

const storedTypes = [
  ...Object.values(formats).map(({ mediaType }) => mediaType),
  'application/octet-stream',
  'text/plain; charset=utf-8',
];

export const getDoc: OperationDoc = {
  summary: 'The stored bytes.',
  query: { encoding: { schema: { const: 'data-url' }, description: 'As the text of a `data:` URL; without ranges.' } },
  requestHeaders: ['If-Match', 'If-None-Match', 'Range', 'If-Range'],
  responses: {
    200: {
      description: 'All of them.',
      headers: ['ETag', 'Content-Digest', 'Content-Disposition'],
      content: { types: storedTypes, schema: null },
    },
    206: {
      description: 'The range.',
      headers: ['ETag', 'Content-Range', 'Content-Digest'],
      content: { types: storedTypes, schema: null },
    },
    304: { description: 'The client has them.', headers: ['ETag'] },
  },
  errors: [
    'bad-request',
    'bad-words',
    'missing-original',
    'precondition',
    'no-such-range',
    ...sourceErrors,
    'store-unreachable',
    'damaged-original',
    'deadline',
  ],
};

export const infoDoc: OperationDoc = {
  summary: 'An original and its stored variants.',
  responses: { 200: { description: 'What is known of it.', content: jsonContent('Original') } },
  errors: ['bad-words', 'missing-original', ...sourceErrors, 'store-unreachable', 'damaged-original', 'deadline'],
};

export const patchDoc: OperationDoc = {
  summary: 'Changes what is said of an original; a new focal point or lifetime forgets what was made from it.',
  requestHeaders: ['If-Match'],
  body: {
    means: 'What is to change; null takes a focal point or a lifetime away.',
    types: ['application/json'],
    schema: { $ref: '#/components/schemas/Notes' },
    example: { focalPoint: [0.3, 0.6], metadata: { title: 'Cat' } },
  },
  responses: { 200: { description: 'What is known of it now.', headers: ['ETag'], content: jsonContent('Original') } },
  errors: [
    'bad-request',
    'bad-words',
    'digest-differs',
    'missing-original',
    ...sourceErrors,
    'precondition',
    'too-big',
    'store-unreachable',
    'damaged-original',
    'overloaded',
    'deadline',
    'disk-full',
  ],
};

export const deleteDoc: OperationDoc = {
  summary: 'Deletes an original and everything made from it.',
  requestHeaders: ['If-Match'],
  responses: { 204: { description: 'It is gone.' } },
  errors: ['bad-request', 'bad-words', 'missing-original', 'precondition', 'store-unreachable', 'deadline'],
};

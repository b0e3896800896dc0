import { formats } from '../../formats/index.ts';
import { type OperationDoc, planErrors } from '../message/operation-docs.ts';

/** `/img/*` as OpenAPI can say it: the words may hold slashes. */
export const imagePaths = ['/img/{id}', '/img/{id}/{transform}'];

const shownFields = [
  'ETag',
  'Cache-Control',
  'Vary',
  'Cache-Tag',
  'Surrogate-Key',
  'Cache-Status',
  'Link',
  'Tintype-Quality',
] as const;
/** As text under `fl_datauri`. */
const types = [...Object.values(formats).map(({ mediaType }) => mediaType), 'text/plain'];
const picture = { types, schema: null };

export const imageDoc: OperationDoc = {
  summary: 'The image.',
  description:
    'The words may hold slashes between components; they are sent as they are. Under `f_auto` the Accept field decides the format. HEAD never renders: what is not made yet has no Content-Length, and what it takes encodings to decide (`f_auto`, `mb`) no ETag.',
  paths: imagePaths,
  requestHeaders: ['If-None-Match', 'Range', 'If-Range'],
  responses: {
    200: {
      description: 'The picture.',
      headers: [...shownFields, 'Server-Timing', 'Content-Disposition', 'Content-Digest'],
      content: picture,
    },
    206: {
      description: 'The range of the stored bytes (`f_orig`).',
      headers: ['ETag', 'Content-Range', 'Content-Digest'],
      content: picture,
    },
    302: {
      description: 'The URL of the format that won under `f_auto`, where TINTYPE_AUTO=redirect.',
      headers: ['Location', 'Cache-Control', 'Vary'],
    },
    304: { description: 'The client has it.', headers: shownFields },
    308: {
      description: 'The canonical spelling, where TINTYPE_CANONICAL=redirect.',
      headers: ['Location', 'Cache-Control'],
    },
    404: { description: 'With `d_`: the default image.', headers: ['Cache-Control', 'Cache-Tag'], content: picture },
  },
  errors: [...planErrors, 'expired', 'precondition', 'no-such-range', 'over-budget', 'overloaded'],
};

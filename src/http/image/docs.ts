import { formats } from '../../formats/index.ts';
import { planRefusals, type Tells } from '../message/operation-docs.ts';

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

export const tellsOfImage: Tells = {
  does: 'The image.',
  notes:
    'The words may hold slashes between components; they are sent as they are. Under `f_auto` the Accept field decides the format. HEAD never renders: what is not made yet has no Content-Length, and what it takes encodings to decide (`f_auto`, `mb`) no ETag.',
  paths: imagePaths,
  honours: ['If-None-Match', 'Range', 'If-Range'],
  answers: {
    200: {
      means: 'The picture.',
      fields: [...shownFields, 'Server-Timing', 'Content-Disposition', 'Content-Digest'],
      content: picture,
    },
    206: {
      means: 'The range of the stored bytes (`f_orig`).',
      fields: ['ETag', 'Content-Range', 'Content-Digest'],
      content: picture,
    },
    302: {
      means: 'The URL of the format that won under `f_auto`, where TINTYPE_AUTO=redirect.',
      fields: ['Location', 'Cache-Control', 'Vary'],
    },
    304: { means: 'The client has it.', fields: shownFields },
    308: { means: 'The canonical spelling, where TINTYPE_CANONICAL=redirect.', fields: ['Location', 'Cache-Control'] },
    404: { means: 'With `d_`: the default image.', fields: ['Cache-Control', 'Cache-Tag'], content: picture },
  },
  refuses: [...planRefusals, 'expired', 'precondition', 'no-such-range', 'over-budget', 'overloaded'],
};

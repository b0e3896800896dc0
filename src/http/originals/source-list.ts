import { Failure, shorten } from '../../errors.ts';
import type { SourceListing } from '../../library/originals/source-listing.ts';
import { json } from '../message/json.ts';

const text = { type: 'string' };

/** What `GET /originals?source` answers. */
export const sourcePageSchema = {
  type: 'object',
  required: ['originals', 'cursor'],
  properties: {
    originals: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'path', 'bytes', 'modifiedAt', 'url', 'known'],
        properties: {
          id: { $ref: '#/components/schemas/Id' },
          path: text,
          bytes: { type: 'integer' },
          modifiedAt: { type: 'string', format: 'date-time' },
          url: text,
          known: { type: 'boolean', description: 'Whether it was asked for before.' },
        },
      },
    },
    cursor: { type: ['string', 'null'] },
  },
} as const;

/** A page of the source. Throws `bad-request` where there is no source, or one that cannot be listed. */
export async function listSource(
  source: SourceListing | null,
  query: ReadonlyMap<string, string>,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<Response> {
  checkQuery(query);
  if (source === null) {
    throw new Failure(
      'bad-request',
      'No source can be listed; set TINTYPE_SOURCE to a folder (file:) or a bucket (s3:)',
    );
  }
  const { pictures, cursor } = await source.page(query.get('prefix') ?? '', page);
  const originals = pictures.map(({ id, path, bytes, modified, isKnown }) => {
    return { id, path, bytes, modifiedAt: new Date(modified).toISOString(), url: `/img/${id}`, known: isKnown };
  });
  return json({ originals, cursor });
}

function checkQuery(query: ReadonlyMap<string, string>): void {
  const value = query.get('source') ?? '';
  if (value !== '' && value !== 'true') {
    throw new Failure('bad-request', `Expected source alone or as true but received "${shorten(value)}"`);
  }
  const other = ['tag', 'since'].find((word) => query.has(word));
  if (other !== undefined)
    throw new Failure('bad-request', `Expected source with prefix or alone but received ${other}`);
}

import { Failure, shorten } from '../../errors.ts';
import { type Listing, maxList, type Selection } from '../../library/originals/listing.ts';
import type { SourceListing } from '../../library/originals/source-listing.ts';
import { idPattern } from '../../transform/id.ts';
import { readInteger } from '../../transform/params/param.ts';
import { tagPattern } from '../message/body.ts';
import { json, readQuery } from '../message/json.ts';
import type { OperationDoc } from '../message/operation-docs.ts';
import type { Operation } from '../message/route.ts';
import { readTime } from '../message/time-parameter.ts';
import { showOriginal } from './original-view.ts';
import { listSource, sourcePageSchema } from './source-list.ts';

const selectors = ['prefix', 'tag', 'since'] as const;
const usualLimit = 50;

const page = {
  types: ['application/json'],
  schema: { anyOf: [{ $ref: '#/components/schemas/Originals' }, sourcePageSchema] },
} as const;

const doc: OperationDoc = {
  summary: 'Lists originals: newest first, or by id under a prefix.',
  description:
    'At most one of prefix, tag and since. `source`, alone or with prefix, lists what lies in a folder or bucket source, asked for or not.',
  query: {
    limit: {
      schema: { type: 'integer', minimum: 1, maximum: maxList, default: usualLimit },
      description: 'How many at most.',
    },
    cursor: { schema: { type: 'string' }, description: 'Where the page before ended.' },
    prefix: { schema: { type: 'string', pattern: idPattern.source }, description: 'Ids that begin so, by id.' },
    tag: { schema: { type: 'string', pattern: tagPattern.source }, description: 'Originals with this tag.' },
    source: {
      schema: { enum: ['', 'true'] },
      description: 'Lists the source by path instead; prefix may be the beginning of a path.',
    },
    since: { schema: { type: 'string' }, description: 'Stored since a time (ISO 8601) or within an age such as `7d`.' },
  },
  responses: { 200: { description: 'A page of originals.', content: page } },
  errors: ['bad-request', 'store-unreachable', 'source-unreachable'],
};

/** `GET /originals`: newest first, or by id under a prefix. What no index can answer is refused, never scanned for. */
export function listOriginals(listing: Listing, source: SourceListing | null): Operation {
  return {
    doc,
    handle: async (context) => {
      const query = readQuery(context, ['limit', 'cursor', 'source', ...selectors]);
      const cursor = query.get('cursor') ?? null;
      if (query.has('source')) return listSource(source, query, { limit: limitOf(query), cursor });
      const page = await listing.page(selectionOf(query), { limit: limitOf(query), cursor });
      return json({ originals: page.originals.map((original) => showOriginal(original)), cursor: page.cursor });
    },
  };
}

function limitOf(query: ReadonlyMap<string, string>): number {
  const text = query.get('limit');
  const limit = text === undefined ? usualLimit : readInteger(text, 1, maxList);
  if (limit !== null) return limit;
  throw new Failure(
    'bad-request',
    `Expected limit as an integer from 1 to ${maxList} but received "${shorten(text ?? '')}"`,
  );
}

function selectionOf(query: ReadonlyMap<string, string>): Selection {
  const given = selectors.filter((word) => query.has(word));
  if (given.length > 1)
    throw new Failure('bad-request', `Expected one of ${selectors.join(', ')} but received ${given.join(' and ')}`);
  const prefix = query.get('prefix');
  if (prefix !== undefined) return { by: 'prefix', prefix: checkPrefix(prefix) };
  const tag = query.get('tag');
  if (tag !== undefined) return { by: 'tag', tag: checkTag(tag) };
  const since = query.get('since');
  return { by: 'time', since: since === undefined ? null : readTime('since', since) };
}

function checkPrefix(prefix: string): string {
  if (idPattern.test(prefix)) return prefix;
  throw new Failure('bad-request', `Expected prefix as the beginning of an id but received "${shorten(prefix)}"`);
}

function checkTag(tag: string): string {
  if (tagPattern.test(tag)) return tag;
  throw new Failure('bad-request', `Expected tag as A-Z a-z 0-9 . _ - but received "${shorten(tag)}"`);
}

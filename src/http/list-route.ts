import { cut, Failure } from '../errors.ts';
import { type Listing, longestList, type Selection } from '../library/listing.ts';
import { readInteger } from '../transform/params/param.ts';
import { json, queryOf } from './json.ts';
import { showOriginal } from './originals-routes.ts';
import type { Handler } from './route.ts';
import { tagPattern } from './upload-body.ts';

const selectors = ['prefix', 'tag', 'since'] as const;
const usualLimit = 50;

/** `GET /originals`: newest first, or by id under a prefix. What no index can answer is refused, never scanned for. */
export function listOriginals(listing: Listing): Handler {
  return async (context) => {
    const query = queryOf(context, ['limit', 'cursor', ...selectors]);
    const page = await listing.page(selectionOf(query), { limit: limitOf(query), cursor: query.get('cursor') ?? null });
    return json({ originals: page.originals.map((original) => showOriginal(original)), cursor: page.cursor });
  };
}

function limitOf(query: ReadonlyMap<string, string>): number {
  const text = query.get('limit');
  const limit = text === undefined ? usualLimit : readInteger(text, 1, longestList);
  if (limit !== null) return limit;
  throw new Failure(
    'bad-request',
    `Expected limit as an integer from 1 to ${longestList} but received "${cut(text ?? '')}"`,
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
  return { by: 'time', since: since === undefined ? null : timeOf(since) };
}

function checkPrefix(prefix: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/.test(prefix)) return prefix;
  throw new Failure('bad-request', `Expected prefix as the beginning of an id but received "${cut(prefix)}"`);
}

function checkTag(tag: string): string {
  if (tagPattern.test(tag)) return tag;
  throw new Failure('bad-request', `Expected tag as A-Z a-z 0-9 . _ - but received "${cut(tag)}"`);
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An ISO 8601 time, or how long ago: `7d`. */
function timeOf(since: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(since) ?? [];
  if (count !== undefined) return Date.now() - Number(count) * (units[unit] ?? 0);
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(since) ? Date.parse(since) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new Failure(
    'bad-request',
    `Expected since as a time (2026-01-31T12:00:00Z) or an age (7d) but received "${cut(since)}"`,
  );
}

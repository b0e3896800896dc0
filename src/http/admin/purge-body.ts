import { Failure, shorten } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { PurgeOrder, Where } from '../../library/purging/purging.ts';
import { idPattern } from '../../transform/id.ts';
import { checkId } from '../../transform/image-path.ts';
import type { Presets } from '../../transform/transform.ts';
import { tagPattern } from '../message/body.ts';
import { readMembers } from '../message/json-body.ts';
import { readTime } from '../message/time-parameter.ts';

/** Either an order, or everything. */
export type PurgeBody =
  | { readonly order: PurgeOrder }
  | { readonly order: null; readonly soft: boolean; readonly dryRun: boolean };

const selectors = ['ids', 'prefix', 'tags', 'presets'];
const known = [...selectors, 'variants', 'where', 'all', 'soft', 'dryRun'];
const maxListed = 10_000;

/** Reads what `POST /purge` was sent. Throws `bad-request` or `bad-words`. */
export function purgeIn(read: unknown, presets: Presets): PurgeBody {
  const fields = readMembers(read, known, '{"ids":["cat"]}');
  const [soft, dryRun] = [truthIn(fields, 'soft'), truthIn(fields, 'dryRun')];
  const named = selectors.filter((word) => fields.has(word));
  if (fields.has('all')) {
    const isAlone = named.length === 0 && !fields.has('variants') && !fields.has('where');
    if (fields.get('all') !== true || !isAlone)
      throw invalidMember('Expected {"all":true} alone, or with soft and dryRun');
    return { order: null, soft, dryRun };
  }
  if (named.length === 0) throw invalidMember('Expected at least one of ids, prefix, tags, presets, or {"all":true}');
  const variants = fields.has('variants') ? textsIn(fields, 'variants') : null;
  const ids = textsIn(fields, 'ids').map((id) => checkId(id));
  const order = { ids, variants, soft, dryRun, prefix: prefixIn(fields), where: whereIn(fields.get('where')) };
  return { order: { ...order, tags: tagsIn(fields), presets: presetsIn(fields, presets) } };
}

type Fields = ReadonlyMap<string, unknown>;

function truthIn(fields: Fields, word: string): boolean {
  const value = fields.get(word) ?? false;
  if (typeof value !== 'boolean') throw invalidMember(`Expected ${word} as true or false but received ${shown(value)}`);
  return value;
}

/** Nothing where the word is absent, at least one where it is there. */
function textsIn(fields: Fields, word: string): readonly string[] {
  if (!fields.has(word)) return [];
  const value: unknown = fields.get(word);
  if (!Array.isArray(value) || value.length === 0 || value.length > maxListed) {
    throw invalidMember(`Expected ${word} as a list of 1 to ${maxListed} strings`);
  }
  return value.map((each: unknown) => {
    if (typeof each === 'string' && each !== '') return each;
    throw invalidMember(`Expected ${word} as strings but received ${shown(each)}`);
  });
}

function prefixIn(fields: Fields): string | null {
  const prefix = fields.get('prefix') ?? null;
  if (prefix === null || (typeof prefix === 'string' && idPattern.test(prefix))) return prefix;
  throw invalidMember(`Expected prefix as the beginning of an id but received ${shown(prefix)}`);
}

function tagsIn(fields: Fields): readonly string[] {
  const tags = textsIn(fields, 'tags');
  const wrong = tags.find((tag) => !tagPattern.test(tag));
  if (wrong === undefined) return tags;
  throw invalidMember(`Expected tags as A-Z a-z 0-9 . _ - but received ${shown(wrong)}`);
}

/** One that is not configured any more may still have made something, but nobody here knows what. */
function presetsIn(fields: Fields, presets: Presets): readonly string[] {
  const names = textsIn(fields, 'presets');
  const wrong = names.find((name) => !presets.has(name));
  if (wrong === undefined) return names;
  throw invalidMember(`Expected presets of this server but received ${shown(wrong)}`);
}

function whereIn(value: unknown): Where | null {
  if (value === undefined) return null;
  const fields = readMembers(value, ['format', 'widerThan', 'olderThan'], '{"where":{"format":"webp"}}');
  if (fields.size === 0) throw invalidMember('Expected where with format, widerThan or olderThan');
  return { format: formatIn(fields), widerThan: widthIn(fields), olderThan: ageIn(fields) };
}

function formatIn(fields: Fields): FormatName | null {
  const value = fields.get('format') ?? null;
  const format = Object.values(formats).find(({ name }) => name === value);
  if (value === null || format !== undefined) return format?.name ?? null;
  throw invalidMember(
    `Expected where.format as one of ${Object.keys(formats).join(', ')} but received ${shown(value)}`,
  );
}

function widthIn(fields: Fields): number | null {
  const value = fields.get('widerThan') ?? null;
  if (value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 0)) return value;
  throw invalidMember(`Expected where.widerThan as whole pixels but received ${shown(value)}`);
}

function ageIn(fields: Fields): number | null {
  const value = fields.get('olderThan') ?? null;
  return value === null ? null : readTime('where.olderThan', typeof value === 'string' ? value : shown(value));
}

function shown(value: unknown): string {
  return shorten(JSON.stringify(value) ?? 'nothing');
}

function invalidMember(sentence: string): Failure {
  return new Failure('bad-request', sentence);
}

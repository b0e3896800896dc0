import * as v from 'valibot';
import { Failure, shorten } from '../../errors.ts';
import { formatNames } from '../../formats/names.ts';
import type { PurgeOrder } from '../../library/purging/purging.ts';
import { idPattern, idRule } from '../../transform/id.ts';
import type { Presets } from '../../transform/transform.ts';
import { tagPattern } from '../message/body.ts';
import { member, members, readMembers, rule } from '../message/json-body.ts';
import { readTime, timePattern } from '../message/time-parameter.ts';

/** Either an order, or everything. */
export type PurgeBody =
  | { readonly order: PurgeOrder }
  | { readonly order: null; readonly soft: boolean; readonly dryRun: boolean };

const selectors = ['ids', 'prefix', 'tags', 'presets'] as const;
const maxListed = 10_000;

const listOf = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.minLength(1), v.maxLength(maxListed));
const id = v.pipe(v.string(), v.regex(idPattern));
const text = v.pipe(v.string(), v.minLength(1));
const listed = `a list of 1 to ${maxListed}`;

const where = v.pipe(
  members({
    format: member(`where.format as one of ${formatNames.join(', ')}`, v.picklist(formatNames)),
    widerThan: member('where.widerThan as whole pixels', v.pipe(v.number(), v.integer(), v.minValue(0)), {
      description: 'Pixels.',
    }),
    olderThan: member('where.olderThan as a time or an age', v.pipe(v.string(), v.regex(timePattern)), {
      description: 'A time, or an age such as `7d`.',
    }),
  }),
  rule('where', (given) => Object.keys(given).length > 0, { minProperties: 1 }),
);

const requireAny = (names: readonly string[]) => ({ anyOf: names.map((name) => ({ required: [name] })) });

/** The body of `POST /purge`. */
export const purgeSchema = v.pipe(
  members({
    ids: member(`ids as ${listed}, each ${idRule}`, listOf(id)),
    prefix: member('prefix as the beginning of an id', id, { description: 'Of ids.' }),
    tags: member(`tags as ${listed} of A-Z a-z 0-9 . _ -`, listOf(v.pipe(v.string(), v.regex(tagPattern)))),
    presets: member(`presets as ${listed} names`, listOf(text), { description: 'Their variants, of all originals.' }),
    variants: member(`variants as ${listed} presets or components`, listOf(text), {
      description: 'These spellings alone: presets or components.',
    }),
    where: member('where with format, widerThan or olderThan', where, {
      description: 'Only stored variants of which all of this is true.',
    }),
    all: member('{"all":true} alone, or with soft and dryRun', v.literal(true), {
      description: 'Everything; beside it only soft and dryRun.',
    }),
    soft: member('soft as true or false', v.boolean(), { description: 'CDNs mark stale, where they can.' }),
    dryRun: member('dryRun as true or false', v.boolean(), { description: 'Only counts.' }),
  }),
  rule(
    'at least one of ids, prefix, tags, presets, or {"all":true} alone, with soft and dryRun at most',
    (given) => {
      const hasSelector = selectors.some((name) => Object.hasOwn(given, name));
      return 'all' in given ? !hasSelector && !('variants' in given || 'where' in given) : hasSelector;
    },
    {
      anyOf: [
        { ...requireAny(selectors), not: { required: ['all'] } },
        { required: ['all'], not: requireAny([...selectors, 'variants', 'where']) },
      ],
    },
  ),
);

/** Reads what `POST /purge` was sent. Throws `bad-request`. */
export function purgeIn(read: unknown, presets: Presets): PurgeBody {
  const given = readMembers(purgeSchema, read, '{"ids":["cat"]}');
  const { soft = false, dryRun = false, ids = [], prefix = null, tags = [], variants = null } = given;
  if (given.all) return { order: null, soft, dryRun };
  const names = given.presets ?? [];
  // The presets of another configuration may have made something, but which variants is not known here.
  const unknown = names.find((name) => !presets.has(name));
  if (unknown !== undefined) {
    throw new Failure('bad-request', `Expected presets of this server but received "${shorten(unknown)}"`);
  }
  const { format = null, widerThan = null, olderThan } = given.where ?? {};
  const narrow = {
    format,
    widerThan,
    olderThan: olderThan === undefined ? null : readTime('where.olderThan', olderThan),
  };
  const order = { ids, prefix, tags, presets: names, variants, soft, dryRun };
  return { order: { ...order, where: given.where === undefined ? null : narrow } };
}

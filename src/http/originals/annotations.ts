import * as v from 'valibot';
import type { Annotations } from '../../library/original.ts';
import { yearOfSeconds } from '../image/cache-headers.ts';
import { maxTags, tagPattern } from '../message/body.ts';
import { member, members, readMembers, rule, textOf } from '../message/json-body.ts';

const maxBoxes = 64;
/** Bytes of JSON. */
const maxMetadata = 8192;
/** Seconds. */
const maxLifetime = yearOfSeconds;

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const size = v.pipe(v.number(), v.gtValue(0), v.maxValue(1));
const metadata = Object.assign(
  v.custom<Annotations['metadata']>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  { keywords: { type: 'object' } },
);

export const tagsMember = member(
  `tags as a list of at most ${maxTags} strings of 1 to 64 characters A-Z a-z 0-9 . _ -`,
  v.pipe(v.array(v.pipe(v.string(), v.regex(tagPattern))), v.maxLength(maxTags)),
);
export const focalPointMember = member(
  'focalPoint as [x, y] with shares from 0 to 1, or null',
  v.nullable(v.strictTuple([share, share])),
);

const annotationMembers = {
  tags: tagsMember,
  focalPoint: focalPointMember,
  boxes: member(
    `boxes as at most ${maxBoxes} of [x, y, width, height], shares that stay inside the picture`,
    v.pipe(
      v.array(v.strictTuple([share, share, size, size])),
      v.maxLength(maxBoxes),
      rule('boxes inside the picture', (boxes) => boxes.every(isInside)),
    ),
    { description: 'What is to be seen where: x, y, width, height as shares of the upright sides.' },
  ),
  metadata: member(
    `metadata as an object of at most ${maxMetadata} bytes of JSON`,
    v.pipe(
      metadata,
      rule('short metadata', (value) => Buffer.byteLength(textOf(value)) <= maxMetadata),
    ),
    { description: `Anything, at most ${maxMetadata} bytes of JSON.` },
  ),
  lifetime: member(
    `lifetime as seconds from 0 to ${maxLifetime}, or null`,
    v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxLifetime))),
    { description: 'Seconds for which shared caches may keep answers under unversioned URLs; null: the usual.' },
  ),
};
const names = Object.keys(annotationMembers);

/** The body of `PATCH /originals/:id`: at least one annotation. */
export const annotationsSchema = v.pipe(
  members(annotationMembers),
  rule(`at least one of ${names.join(', ')}`, (given) => Object.keys(given).length > 0, { minProperties: 1 }),
);

/** Throws `bad-request`. */
export function readAnnotations(read: unknown): Partial<Annotations> {
  const { tags, ...rest } = readMembers(annotationsSchema, read, '{"tags":["spring"]}');
  return { ...rest, ...(tags === undefined ? {} : { tags: [...new Set(tags)] }) } as Partial<Annotations>;
}

/** Sums of shares miss 1 by the last bit. */
function isInside([x, y, width, height]: readonly [number, number, number, number]): boolean {
  return x + width <= 1 + Number.EPSILON && y + height <= 1 + Number.EPSILON;
}

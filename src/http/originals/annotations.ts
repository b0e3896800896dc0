import { Failure, shorten } from '../../errors.ts';
import type { Annotations, Box } from '../../library/original.ts';
import { yearOfSeconds } from '../image/cache-headers.ts';
import { readMembers } from '../message/json-body.ts';
import { checkTags } from './upload-body.ts';

export const maxBoxes = 64;
/** Bytes of JSON. */
export const maxMetadata = 8192;
/** Seconds. */
export const maxLifetime = yearOfSeconds;

const readers: { readonly [K in keyof Annotations]: (value: unknown) => Annotations[K] } = {
  tags: tagsOf,
  focalPoint: focalPointOf,
  boxes: boxesOf,
  metadata: metadataOf,
  lifetime: lifetimeOf,
};

const annotationNames: readonly string[] = Object.keys(readers);

/** What a body says of an original: some of `names`, and nothing else. Throws `bad-request`. */
export function readAnnotations(read: unknown, names = annotationNames): Partial<Annotations> {
  const given = [...readMembers(read, names, '{"tags":["spring"]}')];
  if (given.length === 0) throw expected(`at least one of ${names.join(', ')}`, read);
  const notes = given.map(([name, value]) => {
    const reader = Object.entries(readers).find(([known]) => known === name)?.[1];
    if (reader === undefined) throw new TypeError(`Expected a reader of ${name}`);
    return [name, reader(value)] as const;
  });
  // Each reader has made what its name stands for; entries lose that.
  return Object.fromEntries(notes) as Partial<Annotations>;
}

function tagsOf(value: unknown): Annotations['tags'] {
  const isText = Array.isArray(value) && value.every((tag): tag is string => typeof tag === 'string');
  if (!isText) throw expected('tags as a list of strings', value);
  return checkTags(value);
}

function focalPointOf(value: unknown): Annotations['focalPoint'] {
  if (value === null) return null;
  const [x, y] = sharesOf(value, 2) ?? [];
  if (x === undefined || y === undefined)
    throw expected('focalPoint as [x, y] with shares from 0 to 1, or null', value);
  return [x, y];
}

function boxesOf(value: unknown): Annotations['boxes'] {
  const boxes = Array.isArray(value) && value.length <= maxBoxes ? value.map(boxOf) : [null];
  if (boxes.every((box) => box !== null)) return boxes;
  throw expected(`boxes as at most ${maxBoxes} of [x, y, width, height], shares that stay inside the picture`, value);
}

function boxOf(value: unknown): Box | null {
  const [x, y, width, height] = sharesOf(value, 4) ?? [];
  if (x === undefined || y === undefined || width === undefined || height === undefined) return null;
  // Sums of shares miss 1 by the last bit.
  const inside = x + width <= 1 + Number.EPSILON && y + height <= 1 + Number.EPSILON;
  return inside && width > 0 && height > 0 ? [x, y, width, height] : null;
}

function sharesOf(value: unknown, count: number): readonly number[] | null {
  if (!Array.isArray(value) || value.length !== count) return null;
  const isShare = (share: unknown): share is number => typeof share === 'number' && share >= 0 && share <= 1;
  return value.every(isShare) ? value : null;
}

function metadataOf(value: unknown): Annotations['metadata'] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && Buffer.byteLength(textOf(value)) <= maxMetadata) return Object.fromEntries(Object.entries(value));
  throw expected(`metadata as an object of at most ${maxMetadata} bytes of JSON`, value);
}

function lifetimeOf(value: unknown): Annotations['lifetime'] {
  if (value === null) return null;
  const isWhole = typeof value === 'number' && Number.isInteger(value);
  if (isWhole && value >= 0 && value <= maxLifetime) return value;
  throw expected(`lifetime as seconds from 0 to ${maxLifetime}, or null`, value);
}

function expected(what: string, received: unknown): Failure {
  return new Failure('bad-request', `Expected ${what} but received ${shorten(textOf(received))}`);
}

/** A body can nest deeper than a printer can follow; no answer of ours could show it either. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new Failure('bad-request', 'Expected JSON that is nested less deeply');
  }
}

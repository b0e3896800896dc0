import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import { Failure } from '../../errors.ts';
import { formatNames } from '../../formats/names.ts';
import type { Original } from '../original.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const side = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const texts = v.array(v.string());
const sheet = {
  width: side,
  height: side,
  orientation: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
  alpha: v.boolean(),
};

/** Members of any name: `record` of Valibot leaves some out, such as `constructor`. */
const metadataSchema = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

export const placeholderSchema = v.looseObject({
  dominantColor: v.string(),
  thumbHash: v.string(),
  blurHash: v.string(),
  placeholder: v.string(),
});

/** What earlier releases leave out of a record has a default; what later ones add is kept. */
const originalSchema = v.looseObject({
  id: v.string(),
  version: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  generation: count,
  blob: v.pipe(v.string(), v.minLength(1)),
  bytes: count,
  facts: v.looseObject({
    format: v.picklist(formatNames),
    mediaType: v.string(),
    ...sheet,
    pages: side,
    sheets: v.exactOptional(v.array(v.looseObject(sheet))),
  }),
  look: v.exactOptional(placeholderSchema),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  // A tag is a folder of the index.
  tags: v.optional(v.array(v.pipe(v.string(), v.regex(/^[^/]+$/))), []),
  focalPoint: v.optional(v.nullable(v.strictTuple([share, share])), null),
  boxes: v.optional(v.array(v.strictTuple([share, share, share, share])), []),
  metadata: v.optional(metadataSchema, {}),
  lifetime: v.optional(v.nullable(count), null),
  removed: v.optional(texts, []),
  source: v.optional(v.nullable(v.string()), null),
});

const tombstoneSchema = v.object({ id: v.string(), deleted: v.literal(true) });

const recordSchema = v.pipe(v.string(), v.parseJson(), v.union([originalSchema, tombstoneSchema]));

/** What the bytes of a record say: an original, that it was deleted, or nothing that can be read. */
export type ReadRecord =
  | { readonly original: Original; readonly damaged: null }
  | { readonly original: null; readonly damaged: Failure | null };

export function encodeRecord(original: Original): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(original));
}

/** The record that replaces one that was deleted on a condition. */
export function tombstone(id: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ id, deleted: true }));
}

/** Never throws: a record that is damaged, or of another id, is returned as a `damaged-original` failure. */
export function decodeRecord(bytes: Uint8Array, id: string): ReadRecord {
  const read = v.safeParse(recordSchema, isUtf8(bytes) ? new TextDecoder().decode(bytes) : '', { abortEarly: true });
  if (!read.success) return damaged(id, read.issues[0].message, v.getDotPath(read.issues[0]));
  if (read.output.id !== id) return damaged(id, 'it names another id', 'id');
  return { original: 'deleted' in read.output ? null : read.output, damaged: null };
}

function damaged(id: string, what: string, where: string | null): ReadRecord {
  const cause = `${where ?? 'record'}: ${what}`;
  return { original: null, damaged: new Failure('damaged-original', `The record of "${id}" is damaged`, { cause }) };
}

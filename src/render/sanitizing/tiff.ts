import { type BytesAt, entryLength, type Layout, layoutOf, numberAt } from '../validation/tiff-directories.ts';
import type { Removable, Stripped } from './stripped.ts';

/**
 * Tags that affect the displayed image (TIFF 6.0; supplements for tiles, JPEG, LERC; ICC.1:2022, B.3). Others are
 * removed.
 */
const shown = new Set([
  254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291, 292, 293, 296,
  297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 347, 529, 530, 531, 532,
  34675, 50674,
]);
/** Tags with offsets of image data, each with the tag of the lengths: strips, tiles. */
const leading = [
  [273, 279],
  [324, 325],
] as const;
/** Bytes of a value by type (TIFF 6.0, section 2; BigTIFF). */
const typeLengths = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Tags of each kind: EXIF · GPS, GeoTIFF · XMP · IPTC, Photoshop · text by people and programs. */
const names: readonly (readonly [Removable, readonly number[]])[] = [
  ['exif', [34665]],
  ['gps', [34853, 33550, 33922, 34264, 34735, 34736, 34737]],
  ['xmp', [700]],
  ['iptc', [33723, 34377]],
  ['comment', [269, 270, 271, 272, 285, 305, 306, 315, 316, 33432]],
];

type Range = readonly [from: number, to: number];

interface Entry {
  readonly tag: number;
  readonly start: number;
  /** Offset of its values: in the entry itself, or elsewhere. */
  readonly values: number;
  readonly count: number;
  /** Bytes of one value. */
  readonly width: number;
}

/**
 * Removes tags from all directories in place and zeroes the bytes they pointed to, so that image data does not move.
 * Returns null if the lengths of image data are missing, because it cannot be told from metadata then.
 */
export function stripTiff(file: Buffer): Stripped | null {
  const source: BytesAt = { at: (at, length) => file.subarray(at, at + length) };
  const layout = layoutOf(source);
  const removed = new Set<Removable>();
  const kept: Range[] = [[0, layout.offset * 2]];
  const directories: (readonly [at: number, bytes: Buffer])[] = [];
  for (let at = numberAt(source, layout.offset, layout.offset, layout); at !== 0; ) {
    const entries = entriesAt(source, at, layout);
    const stay = entries.filter(({ tag }) => shown.has(tag));
    for (const { tag } of entries) if (!shown.has(tag)) removed.add(nameOf(tag));
    const ranges = rangesOf(source, stay, layout);
    if (ranges === null || ranges.some(([, to]) => to > file.length)) return null;
    for (const range of ranges) kept.push(range);
    const next = at + layout.count + entries.length * entryLength(layout);
    directories.push([at, directoryOf(file, stay, { layout, next })]);
    at = numberAt(source, next, layout.offset, layout);
  }
  const ends = [...kept.map(([, to]) => to), ...directories.map(([at, bytes]) => at + bytes.length)];
  const bytes = Buffer.alloc(ends.reduce((last, end) => Math.max(last, end), 0));
  for (const [from, to] of kept) file.copy(bytes, from, from, to);
  for (const [at, directory] of directories) directory.copy(bytes, at);
  if (removed.size === 0 && !bytes.equals(file)) removed.add(file.length > bytes.length ? 'trailer' : 'other');
  return { pieces: [bytes], removed };
}

function nameOf(tag: number): Removable {
  return names.find(([, tags]) => tags.includes(tag))?.[0] ?? 'other';
}

function entriesAt(source: BytesAt, at: number, layout: Layout): readonly Entry[] {
  const count = numberAt(source, at, layout.count, layout);
  return Array.from({ length: count }, (_, index) => {
    const start = at + layout.count + index * entryLength(layout);
    const width = typeLengths[numberAt(source, start + 2, 2, layout)] ?? 0;
    const values = numberAt(source, start + 4, layout.offset, layout);
    const inline = start + 4 + layout.offset;
    const isInline = values * width <= layout.offset;
    return {
      tag: numberAt(source, start, 2, layout),
      start,
      count: values,
      width,
      values: isInline ? inline : numberAt(source, inline, layout.offset, layout),
    };
  });
}

/** Byte ranges that these entries refer to: values outside the directory, and image data. */
function rangesOf(source: BytesAt, entries: readonly Entry[], layout: Layout): readonly Range[] | null {
  const ranges: Range[] = entries
    .filter(({ count, width }) => count * width > layout.offset)
    .map(({ values, count, width }) => [values, values + count * width]);
  for (const [offsets, lengths] of leading) {
    const [from, long] = [offsets, lengths].map((wanted) => {
      const entry = entries.find(({ tag }) => tag === wanted);
      return entry === undefined ? [] : numbersOf(source, entry, layout);
    });
    for (const [index, at] of from?.entries() ?? []) {
      const length = long?.[index];
      if (length === undefined) return null;
      ranges.push([at, at + length]);
    }
  }
  return ranges;
}

function numbersOf(source: BytesAt, { values, count, width }: Entry, layout: Layout): readonly number[] {
  return Array.from({ length: count }, (_, index) => numberAt(source, values + index * width, width, layout));
}

/** A directory with only these entries and the old link to the next one. */
function directoryOf(file: Buffer, stay: readonly Entry[], { layout, next }: { layout: Layout; next: number }): Buffer {
  const count = Buffer.alloc(layout.count);
  if (layout.little) count.writeUIntLE(stay.length, 0, 2);
  else count.writeUIntBE(stay.length, layout.count - 2, 2);
  const entries = stay.map(({ start }) => file.subarray(start, start + entryLength(layout)));
  return Buffer.concat([count, ...entries, file.subarray(next, next + layout.offset)]);
}

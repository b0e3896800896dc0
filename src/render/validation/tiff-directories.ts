import type { FileBytes } from './file-bytes.ts';
import type { PictureSize } from './limits.ts';
import { cutShort, refused } from './refusal.ts';

/** Size of one page, from its directory. */
export type TiffPage = Omit<PictureSize, 'pages'>;

const tags = { width: 256, height: 257, compression: 259 } as const;
/** Old-style JPEG compression. Its tiles are decoded as black without an error. */
const oldJpeg = 6;
const typeLengths: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };

/** Random access to bytes. */
export type BytesAt = Pick<FileBytes, 'at'>;

/** The two layouts of TIFF: offsets of 4 bytes, or 8 in BigTIFF. */
export interface Layout {
  readonly little: boolean;
  readonly offset: 4 | 8;
  readonly count: 2 | 8;
}

/**
 * Reads the size of every page from a TIFF's directories (TIFF 6.0, section 2), at most `maxPages` + 1.
 * Refuses a circular chain of directories, one that leaves the file, and old-style JPEG.
 */
export function walkTiff(file: FileBytes, maxPages: number): readonly TiffPage[] {
  const layout = layoutOf(file);
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let at = numberAt(file, layout.offset, layout.offset, layout);
  while (at !== 0 && pages.length <= maxPages) {
    if (seen.has(at)) throw refused('Expected a tiff whose directories end but they run in a circle');
    seen.add(at);
    const count = numberAt(file, at, layout.count, layout);
    const first = at + layout.count;
    pages.push(readPage(file, { first, count }, layout));
    at = numberAt(file, first + count * entryLength(layout), layout.offset, layout);
  }
  return pages;
}

export function layoutOf(file: BytesAt): Layout {
  const head = file.at(0, 4);
  const big = head.includes(0x2b);
  return { little: head[0] === 0x49, offset: big ? 8 : 4, count: big ? 8 : 2 };
}

/** Bytes of one directory entry. */
export function entryLength({ offset }: Layout): number {
  return 4 + 2 * offset;
}

function readPage(file: FileBytes, entries: { first: number; count: number }, layout: Layout): TiffPage {
  if (entries.count > 4096) throw refused('Expected at most 4096 entries in a directory of a tiff but it has more');
  const page = { width: 0, height: 0 };
  for (let entry = 0; entry < entries.count; entry++) {
    const at = entries.first + entry * entryLength(layout);
    const tag = numberAt(file, at, 2, layout);
    if (tag === tags.width) page.width = valueOf(file, at, layout);
    if (tag === tags.height) page.height = valueOf(file, at, layout);
    if (tag === tags.compression && valueOf(file, at, layout) === oldJpeg) {
      throw refused('Expected a tiff of a compression we can decode but it is old-style JPEG');
    }
  }
  return page;
}

/** The number in an entry; 0 for types that hold no number. */
function valueOf(file: FileBytes, at: number, layout: Layout): number {
  const length = typeLengths[numberAt(file, at + 2, 2, layout)] ?? 0;
  return length === 0 ? 0 : numberAt(file, at + 4 + layout.offset, length, layout);
}

/** Reads a number of 2, 4 or 8 bytes. Values above 2^53 lose precision, but lie outside any file anyway. */
export function numberAt(file: BytesAt, at: number, length: number, { little }: Layout): number {
  const bytes = file.at(at, length);
  if (bytes.length < length) throw cutShort('tiff', 'before what its directories point to');
  if (length === 8) return Number(little ? bytes.readBigUInt64LE(0) : bytes.readBigUInt64BE(0));
  return little ? bytes.readUIntLE(0, length) : bytes.readUIntBE(0, length);
}

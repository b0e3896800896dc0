import { inflateSync } from 'node:zlib';
import type { FileBytes } from './file-bytes.ts';
import { cutShort, refused } from './refusal.ts';

/**
 * Maximum bytes of text, profiles and EXIF after inflating. A 0.2 MB PNG of ten iTXt chunks costs libpng 1.4 GB before
 * it checks pixel limits. Large colour tables have 2 MB.
 */
const maxMetadata = 4 * 1024 * 1024;
/** Bytes counted for text that cannot be inflated, for the time that trying takes. */
const brokenText = 256 * 1024;
/** Maximum number of chunks. Pixel data may come in many pieces (8 KB each from libpng). */
const maxPixelChunks = 65_536;
const maxOtherChunks = 1000;

const pixelChunks = new Set(['IDAT', 'fdAT', 'fcTL']);
const keptChunks = new Set(['tEXt', 'zTXt', 'iTXt', 'iCCP', 'eXIf', 'sPLT']);

export interface PngHeader {
  readonly width: number;
  readonly height: number;
}

interface Chunk {
  readonly type: string;
  /** Offset and length of the data in the file. */
  readonly start: number;
  readonly length: number;
}

/**
 * Reads all chunks of a PNG without decoding and returns the size from IHDR.
 * Refuses a file that ends before IEND, metadata that inflates too much, and too many chunks.
 */
export function walkPng(file: FileBytes): PngHeader {
  const counts = { pixels: 0, others: 0, metadata: 0 };
  let header: PngHeader | null = null;
  for (const chunk of chunksOf(file)) {
    header ??= readHeader(file, chunk);
    count(counts, chunk);
    if (keptChunks.has(chunk.type)) counts.metadata += heldSize(file, chunk);
    if (counts.metadata > maxMetadata) {
      throw refused(`Expected at most ${maxMetadata} bytes of metadata in a png but it inflates to more`);
    }
    if (chunk.type === 'IEND') return header;
  }
  throw cutShort('png', 'before its IEND chunk');
}

function* chunksOf(file: FileBytes): Generator<Chunk> {
  let at = 8;
  while (at + 12 <= file.size) {
    const head = file.at(at, 8);
    const [length, type] = [head.readUInt32BE(0), head.toString('latin1', 4, 8)];
    if (length > 0x7f_ff_ff_ff || !/^[A-Za-z]{4}$/.test(type))
      throw refused('Expected png chunks but received other bytes');
    if (at + 12 + length > file.size) throw cutShort('png', `inside its ${type} chunk`);
    yield { type, start: at + 8, length };
    at += 12 + length;
  }
}

function readHeader(file: FileBytes, { type, start, length }: Chunk): PngHeader {
  if (type !== 'IHDR' || length !== 13) throw refused('Expected IHDR as the first chunk of a png but it is another');
  const data = file.at(start, 8);
  return { width: data.readUInt32BE(0), height: data.readUInt32BE(4) };
}

function count(counts: { pixels: number; others: number }, { type }: Chunk): void {
  if (pixelChunks.has(type)) counts.pixels += 1;
  else counts.others += 1;
  if (counts.pixels <= maxPixelChunks && counts.others <= maxOtherChunks) return;
  throw refused(`Expected at most ${maxOtherChunks} chunks of metadata in a png but it has more`);
}

/** Bytes that a decoder would hold for this chunk; any value above the limit if it is exceeded. */
function heldSize(file: FileBytes, { type, start, length }: Chunk): number {
  if (length > maxMetadata) return length;
  const data = file.at(start, length);
  const from = compressedFrom(data, type);
  return from === null ? length : inflatedSize(data.subarray(from));
}

/**
 * Offset of a chunk's zlib stream (PNG 11.3.2.3, 11.3.3). Null if a decoder would not inflate it: there is none, or the
 * chunk is malformed, which alone is no reason to refuse.
 */
function compressedFrom(data: Buffer, type: string): number | null {
  const keyword = data.indexOf(0);
  if (keyword < 0 || keyword > 79) return null;
  if (type === 'zTXt' || type === 'iCCP') return keyword + 2;
  if (type !== 'iTXt' || data[keyword + 1] !== 1) return null;
  const language = data.indexOf(0, keyword + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  return translated < 0 ? null : translated + 1;
}

function inflatedSize(compressed: Buffer): number {
  try {
    return inflateSync(compressed, { maxOutputLength: maxMetadata }).length;
  } catch (error) {
    return error instanceof RangeError ? maxMetadata + 1 : brokenText;
  }
}

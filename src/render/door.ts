import type { Metadata } from 'sharp';
import type { FormatName } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { decodeAll, readHeader } from './door/decode.ts';
import { FileBytes } from './door/file-bytes.ts';
import { headLength, identify } from './door/file-type.ts';
import { walkGif } from './door/gif-blocks.ts';
import { heic } from './door/heif-boxes.ts';
import { checkSize } from './door/limits.ts';
import { walkPng } from './door/png-chunks.ts';
import { notAnImage, refused } from './door/refusal.ts';
import type { Sniffed } from './door/sniffed.ts';
import { inspectSvg } from './door/svg.ts';
import type { DoorPolicy } from './door-policy.ts';
import type { SourceFacts } from './source-facts.ts';
import { swapsSides, turnOfOrientation } from './turn.ts';
import './loaders.ts';

/**
 * The check every upload passes, and its facts. What it is, its bytes say; its limits are checked on the header, before
 * a pixel is decoded; then all of it is decoded once, so that nothing damaged is ever kept.
 * Throws `not-an-image` for what we do not take and `refused-image` for what is damaged or over a limit.
 * Bounds neither time nor memory of the decoding itself: run it where it can be killed.
 */
export async function inspect(path: string, policy: DoorPolicy): Promise<SourceFacts> {
  const file = new FileBytes(path);
  try {
    const format = admit(file, policy);
    if (format === 'svg') return await inspectSvg(file, policy);
    checkContainer(file, format, policy);
    return await inspectPixels(path, format, policy);
  } finally {
    file.close();
  }
}

/** The format by its bytes, if it is one we take. */
function admit(file: FileBytes, policy: DoorPolicy): FormatName | 'svg' {
  if (file.size === 0) throw refused('Expected a picture but received no bytes');
  const sniffed = identify(file.at(0, headLength));
  if ('refused' in sniffed) throw notTaken(sniffed, policy);
  const format = sniffed.taken;
  const allowed = format === 'svg' ? policy.svg === 'raster' : policy.formats.includes(format);
  if (!allowed) throw notTaken({ refused: format === 'svg' ? 'SVG' : format }, policy);
  return format;
}

function notTaken(sniffed: Extract<Sniffed, { refused: string }>, policy: DoorPolicy): Error {
  const advice = sniffed.advice === undefined ? '' : `; ${sniffed.advice}`;
  return notAnImage(`Expected ${policy.formats.join(', ')} but received ${sniffed.refused}${advice}`);
}

/** What must be known before a decoder sees the file. */
function checkContainer(file: FileBytes, format: FormatName, policy: DoorPolicy): void {
  if (format === 'png') checkSize({ ...walkPng(file), pages: 1 }, policy);
  if (format === 'gif') {
    const { width, height, frames } = walkGif(file, policy.maxFrames);
    if (frames === 0) throw refused('Expected a GIF with at least one frame but it has none');
    // A screen of 0×0 is common, and decoders then take the frame's sides.
    checkSize({ width: Math.max(1, width), height: Math.max(1, height), pages: frames }, policy);
  }
}

async function inspectPixels(path: string, format: FormatName, policy: DoorPolicy): Promise<SourceFacts> {
  const header = await readHeader(path, format);
  checkKind(header, format, policy);
  const pages = format === 'tiff' ? await checkTiffPages(path, header, policy) : framesOf(header, format);
  checkSize({ width: header.width, height: pageHeight(header), pages }, policy);
  if (format === 'tiff') {
    for (let page = 0; page < pages; page++) await decodeAll(path, format, { page });
  } else await decodeAll(path, format, pages > 1 ? { pages } : {});
  return factsOf(header, format, pages);
}

/** The decoder's word on what it opened has to be ours; HEIF may hold HEVC under any brand. */
function checkKind({ format: opened, compression }: Metadata, format: FormatName, policy: DoorPolicy): void {
  if (format === 'avif' && compression !== 'av1' && 'refused' in heic) throw notTaken(heic, policy);
  const expected = { jpg: 'jpeg', png: 'png', webp: 'webp', avif: 'heif', gif: 'gif', tiff: 'tiff' }[format];
  if (opened !== expected)
    throw notAnImage(`Expected ${format} as the first bytes promise but it opens as another format`);
}

/** PNG and AVIF files may hold more pictures than we can reach: they count as one. */
function framesOf({ pages = 1 }: Metadata, format: FormatName): number {
  return format === 'gif' || format === 'webp' ? pages : 1;
}

function pageHeight({ height, pageHeight }: Metadata): number {
  return pageHeight ?? height;
}

/** Pages of a TIFF differ in size, so each is asked. */
async function checkTiffPages(path: string, { pages = 1 }: Metadata, policy: DoorPolicy): Promise<number> {
  checkSize({ width: 1, height: 1, pages }, policy);
  let total = 0;
  for (let page = 0; page < pages; page++) {
    const { width, height } = await readHeader(path, 'tiff', page);
    checkSize({ width, height, pages: 1 }, policy);
    total += width * height;
  }
  if (total > policy.maxTotalPixels) {
    throw refused(`Expected at most ${policy.maxTotalPixels} pixels in all pages but they are ${total}`);
  }
  return pages;
}

function factsOf(header: Metadata, format: FormatName, pages: number): SourceFacts {
  const orientation = format === 'avif' ? 1 : validOrientation(header.orientation);
  const sides = { width: header.width, height: pageHeight(header) };
  const upright = swapsSides(turnOfOrientation(orientation)) ? { width: sides.height, height: sides.width } : sides;
  const { mediaType } = formats[format];
  return { format, mediaType, ...upright, orientation, alpha: header.hasAlpha, pages };
}

function validOrientation(orientation = 1): number {
  return Number.isInteger(orientation) && orientation >= 1 && orientation <= 8 ? orientation : 1;
}

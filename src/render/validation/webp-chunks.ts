import type { FileBytes } from './file-bytes.ts';
import type { PictureSize } from './limits.ts';
import { cutShort, refused } from './refusal.ts';

/** Maximum number of chunks other than frames. There are eight kinds, once each (RFC 9649 2.7). */
const maxOtherChunks = 1000;

/**
 * Counts the frames of an animated WebP without decoding; null for a still. Stops counting above `maxFrames`, because
 * libwebp takes more than 30 s to list 200 000. Refuses a file that is shorter than stated.
 */
export function walkWebp(file: FileBytes, maxFrames: number): PictureSize | null {
  const end = 8 + sizeAt(file, 4);
  if (end > file.size) throw cutShort('webp', 'before the size it states');
  let canvas: { readonly width: number; readonly height: number } | null = null;
  let [pages, others] = [0, 0];
  for (let at = 12; at + 8 <= end && pages <= maxFrames; ) {
    const name = file.at(at, 4).toString('latin1');
    if (name === 'VP8X') canvas = canvasOf(file, at + 8);
    if (name === 'ANMF') pages += 1;
    else others += 1;
    if (others > maxOtherChunks) throw refused(`Expected at most ${maxOtherChunks} chunks in a webp but it has more`);
    const length = sizeAt(file, at + 4);
    at += 8 + length + (length % 2);
  }
  return canvas === null || pages === 0 ? null : { ...canvas, pages };
}

function canvasOf(file: FileBytes, at: number): { readonly width: number; readonly height: number } {
  const data = file.at(at, 10);
  if (data.length < 10) throw cutShort('webp', 'inside its VP8X chunk');
  return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
}

function sizeAt(file: FileBytes, at: number): number {
  const bytes = file.at(at, 4);
  if (bytes.length < 4) throw cutShort('webp', 'inside its chunks');
  return bytes.readUInt32LE(0);
}

import type { FileBytes } from './file-bytes.ts';
import { cutShort, refused } from './refusal.ts';

export interface GifHeader {
  /** The logical screen, extended by frames beyond its edge, as libnsgif does. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;

/**
 * Reads the size and number of frames of a GIF without decoding (GIF89a, section 18 on). Stops counting above
 * `maxFrames`. Refuses a file without a trailer, because decoders accept truncated files silently.
 */
export function walkGif(file: FileBytes, maxFrames: number): GifHeader {
  const screen = file.at(0, 13);
  if (screen.length < 13) throw cutShort('gif', 'inside its header');
  let [width, height, frames] = [screen.readUInt16LE(6), screen.readUInt16LE(8), 0];
  let at = 13 + tableSize(screen.readUInt8(10));
  for (;;) {
    const kind = byteAt(file, at);
    if (kind === trailer) return { width, height, frames };
    if (kind === image) {
      const frame = file.at(at, 10);
      if (frame.length < 10) throw cutShort('gif', 'inside a frame');
      width = Math.max(width, frame.readUInt16LE(1) + frame.readUInt16LE(5));
      height = Math.max(height, frame.readUInt16LE(3) + frame.readUInt16LE(7));
      frames += 1;
      if (frames > maxFrames) return { width, height, frames };
      at = skipBlocks(file, at + 11 + tableSize(frame.readUInt8(9)));
    } else if (kind === extension) at = skipBlocks(file, at + 2);
    else if (kind === 0) at += 1;
    else throw refused('Expected gif blocks but received other bytes');
  }
}

/** Bytes of a colour table, by the flags before it. */
function tableSize(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

function byteAt(file: FileBytes, offset: number): number {
  const byte = file.at(offset, 1)[0];
  if (byte === undefined) throw cutShort('gif', 'before its trailer');
  return byte;
}

function skipBlocks(file: FileBytes, start: number): number {
  let at = start;
  for (;;) {
    const length = byteAt(file, at);
    at += 1 + length;
    if (length === 0) return at;
  }
}

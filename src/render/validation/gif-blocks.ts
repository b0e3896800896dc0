import type { FileBytes } from './file-bytes.ts';
import { cutShort, refused } from './refusal.ts';

export interface GifHeader {
  /** The logical screen, grown by frames that stand over its edge, as libnsgif grows it. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;

/**
 * Counts a gif's frames and finds its sides without decoding one (GIF89a, section 18 on). Refuses a file without a
 * trailer, since decoders draw the frames they have and call it well; stops counting beyond `mostFrames`.
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

/** A colour table's bytes, from the flags that announce it. */
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

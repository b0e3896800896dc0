import type { Removable, Stripped } from './stripped.ts';

const block = { extension: 0x21, image: 0x2c, trailer: 0x3b } as const;
const extension = { comment: 0xfe, application: 0xff } as const;
/** Application extensions to keep: loop count and colour profile. */
const shown = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);

/**
 * Drops comments, application data (GIF89a, 24 and 26) and bytes after the trailer. Keeps loop count and colour
 * profile.
 */
export function stripGif(file: Buffer): Stripped {
  const removed = new Set<Removable>();
  let at = 13 + tableLength(file[10] ?? 0);
  const pieces: Uint8Array[] = [file.subarray(0, at)];
  while (at < file.length) {
    const kind = file[at];
    if (kind !== block.extension && kind !== block.image) break;
    const data = kind === block.image ? at + 11 + tableLength(file[at + 9] ?? 0) : at + 2;
    const end = behindBlocks(file, data);
    const what = kind === block.image ? null : nameOf(file, at);
    if (what === null) pieces.push(file.subarray(at, end));
    else removed.add(what);
    at = end;
  }
  if (at + 1 < file.length) removed.add('trailer');
  return { pieces: [...pieces, Buffer.from([block.trailer])], removed };
}

/** Bytes of a colour table, by the flags before it. */
function tableLength(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

function behindBlocks(file: Buffer, from: number): number {
  let at = from;
  for (let length = file[at] ?? 0; length > 0 && at < file.length; length = file[at] ?? 0) at += 1 + length;
  return Math.min(file.length, at + 1);
}

function nameOf(file: Buffer, at: number): Removable | null {
  const label = file[at + 1];
  if (label === extension.comment) return 'comment';
  if (label !== extension.application) return null;
  const name = file.toString('latin1', at + 3, at + 14);
  if (shown.has(name)) return null;
  return name.startsWith('XMP Data') ? 'xmp' : 'other';
}

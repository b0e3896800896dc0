import { namesOfExif, type Removable, type Stripped } from './stripped.ts';

/** Chunks that say what is seen (RFC 9649 2.7). */
const kept = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Flags of VP8X that announce EXIF and XMP. */
const announced = 0x08 | 0x04;

export function stripWebp(file: Buffer): Stripped {
  const chunks: Uint8Array[] = [];
  const removed = new Set<Removable>();
  const end = Math.min(file.length, 8 + file.readUInt32LE(4));
  for (let at = 12; at + 8 <= end; ) {
    const length = file.readUInt32LE(at + 4);
    const next = Math.min(end, at + 8 + length + (length % 2));
    const name = file.toString('latin1', at, at + 4);
    const chunk = file.subarray(at, next);
    if (!kept.has(name)) for (const what of namesOf(name, chunk.subarray(8))) removed.add(what);
    else chunks.push(name === 'VP8X' ? unannounced(chunk) : chunk);
    at = next;
  }
  if (end < file.length) removed.add('trailer');
  const head = Buffer.from(file.subarray(0, 12));
  head.writeUInt32LE(4 + chunks.reduce((sum, { byteLength }) => sum + byteLength, 0), 4);
  return { pieces: [head, ...chunks], removed };
}

function unannounced(chunk: Buffer): Buffer {
  const bytes = Buffer.from(chunk);
  bytes[8] = (bytes[8] ?? 0) & ~announced;
  return bytes;
}

function namesOf(name: string, data: Buffer): readonly Removable[] {
  if (name === 'EXIF') return namesOfExif(data);
  return [name === 'XMP ' ? 'xmp' : 'other'];
}

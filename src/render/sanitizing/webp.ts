import { namesOfExif, type Removable, type Stripped } from './stripped.ts';

/** Chunks that affect the displayed image (RFC 9649 2.7). */
const kept = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Flags of VP8X for EXIF and XMP. */
const announced = { exif: 0x08, xmp: 0x04 } as const;
/** Bytes before the chunks of a frame (2.7.1.1). */
const frameHead = 16;

/**
 * Drops metadata chunks, also inside frames. An animation, which we cannot rotate, keeps an EXIF block with only its
 * orientation.
 */
export function stripWebp(file: Buffer, { orientation, pages }: { orientation: number; pages: number }): Stripped {
  const removed = new Set<Removable>();
  const end = Math.min(file.length, 8 + file.readUInt32LE(4));
  const chunks = keptOf(file.subarray(12, end), removed);
  if (end < file.length) removed.add('trailer');
  const turned = pages > 1 && orientation !== 1 ? chunkOf('EXIF', [orientationOnly(orientation)]) : [];
  const body = [...chunks.flatMap((chunk) => announcing(chunk, turned.length > 0)), ...turned];
  const isLossless = chunks.some(([head]) => nameOf(head) === 'VP8L');
  return { pieces: chunkOf('RIFF', [file.subarray(8, 12), ...body]), removed, isLossless };
}

type Pieces = readonly [head: Buffer, ...rest: Buffer[]];

/** The chunks to keep, of a file or of a frame. */
function keptOf(file: Buffer, removed: Set<Removable>): readonly Pieces[] {
  const chunks: Pieces[] = [];
  for (let at = 0; at + 8 <= file.length; ) {
    const end = Math.min(file.length, at + 8 + file.readUInt32LE(at + 4));
    const [name, data] = [nameOf(file.subarray(at)), file.subarray(at + 8, end)];
    if (name === 'ANMF') {
      const inside = keptOf(data.subarray(frameHead), removed).flat();
      chunks.push(chunkOf(name, [data.subarray(0, frameHead), ...inside]));
    } else if (kept.has(name)) chunks.push(chunkOf(name, [data]));
    else for (const what of namesOf(name, data)) removed.add(what);
    at = end + (end % 2 === at % 2 ? 0 : 1);
  }
  return chunks;
}

function nameOf(chunk: Buffer): string {
  return chunk.toString('latin1', 0, 4);
}

function chunkOf(name: string, data: readonly Buffer[]): Pieces {
  const length = data.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(length, 4);
  return [head, ...data, Buffer.alloc(length % 2)];
}

/** Updates the flags of VP8X to match the remaining chunks. */
function announcing([head, data, ...rest]: Pieces, hasExif: boolean): readonly Buffer[] {
  if (data === undefined || nameOf(head) !== 'VP8X') return [head, ...(data === undefined ? [] : [data]), ...rest];
  const bytes = Buffer.from(data);
  bytes[0] = ((bytes[0] ?? 0) & ~(announced.exif | announced.xmp)) | (hasExif ? announced.exif : 0);
  return [head, bytes, ...rest];
}

/** An EXIF block with only the orientation (TIFF 6.0, tag 274). */
function orientationOnly(orientation: number): Buffer {
  const block = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  block[19] = orientation;
  return block;
}

function namesOf(name: string, data: Buffer): readonly Removable[] {
  if (name === 'EXIF') return namesOfExif(data);
  return [name === 'XMP ' ? 'xmp' : 'other'];
}

import { crc32, deflateSync } from 'node:zlib';

/** A PNG chunk with its length and a right checksum. */
export function pngChunk(type: string, data: Uint8Array | string = ''): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

interface PngParts {
  readonly width?: number;
  readonly height?: number;
  /** Chunks between IHDR and IDAT. */
  readonly before?: readonly Uint8Array[];
  /** Chunks between IDAT and IEND. */
  readonly after?: readonly Uint8Array[];
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** A whole, black, grey PNG around whatever else it shall carry. Beyond a megapixel its sides are only claimed. */
export function pngBytes({ width = 8, height = 8, before = [], after = [] }: PngParts = {}): Buffer<ArrayBuffer> {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const rows = (1 + width) * height;
  const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc(rows <= 1_000_000 ? rows : 0)));
  return Buffer.concat([signature, pngChunk('IHDR', header), ...before, pixels, ...after, pngChunk('IEND')]);
}

/** An iTXt chunk whose compressed text inflates to `size` zeros. */
export function compressedText(size: number): Buffer {
  return pngChunk('iTXt', Buffer.concat([Buffer.from('k\0\x01\0\0\0', 'latin1'), deflateSync(Buffer.alloc(size))]));
}

import { crc32 } from 'node:zlib';

/**
 * Writes a density (pixels per inch) into a JPEG or PNG. Other files are returned unchanged.
 * sharp cannot do this without keeping EXIF and adding a profile.
 */
export function withDensity(bytes: Uint8Array<ArrayBuffer>, perInch: number): Uint8Array<ArrayBuffer> {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegWith(bytes, perInch);
  return bytes[0] === 0x89 && bytes[1] === 0x50 ? pngWith(bytes, perInch) : bytes;
}

/** Inserts a JFIF 1.02 segment without thumbnail, unit 1 (per inch). sharp writes none. */
function jpegWith(bytes: Uint8Array<ArrayBuffer>, perInch: number): Uint8Array<ArrayBuffer> {
  const segment = new DataView(new ArrayBuffer(18));
  segment.setUint16(0, 0xffe0);
  segment.setUint16(2, 16);
  segment.setUint32(4, 0x4a464946);
  segment.setUint16(9, 0x0102);
  segment.setUint8(11, 1);
  segment.setUint16(12, perInch);
  segment.setUint16(14, perInch);
  const file = new Uint8Array(bytes.byteLength + 18);
  file.set(bytes.subarray(0, 2));
  file.set(new Uint8Array(segment.buffer), 2);
  file.set(bytes.subarray(2), 20);
  return file;
}

/** Offset after the signature and the IHDR chunk, where pHYs may be placed (PNG, 11.3.5.3). */
const behindHeader = 33;

function pngWith(bytes: Uint8Array<ArrayBuffer>, perInch: number): Uint8Array<ArrayBuffer> {
  const perMetre = Math.round(perInch / 0.0254);
  const chunk = new DataView(new ArrayBuffer(21));
  chunk.setUint32(0, 9);
  chunk.setUint32(4, 0x70485973);
  chunk.setUint32(8, perMetre);
  chunk.setUint32(12, perMetre);
  chunk.setUint8(16, 1);
  chunk.setUint32(17, crc32(new Uint8Array(chunk.buffer, 4, 13)));
  const rest = withoutPhys(bytes);
  const file = new Uint8Array(rest.byteLength + 21);
  file.set(rest.subarray(0, behindHeader));
  file.set(new Uint8Array(chunk.buffer), behindHeader);
  file.set(rest.subarray(behindHeader), behindHeader + 21);
  return file;
}

/** Removes pHYs. A PNG has at most one, before the pixels. */
function withoutPhys(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = behindHeader; at + 12 <= bytes.byteLength; at += file.getUint32(at) + 12) {
    const type = file.getUint32(at + 4);
    if (type === 0x49444154) break;
    if (type !== 0x70485973) continue;
    const rest = new Uint8Array(bytes.byteLength - 21);
    rest.set(bytes.subarray(0, at));
    rest.set(bytes.subarray(at + 21), at);
    return rest;
  }
  return bytes;
}

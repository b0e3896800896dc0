import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { shorten } from '../../errors.ts';
import { checkSize } from '../validation/limits.ts';
import { refused } from '../validation/refusal.ts';
import type { UploadPolicy } from '../validation/upload-policy.ts';
import { loadHeicDecoder } from './heic-decoder.ts';

/** What became of it, and what it said beside its picture. */
export interface FromHeic {
  readonly bytes: Buffer;
  readonly exif: Buffer | undefined;
  readonly xmp: Buffer | undefined;
}

/**
 * Decodes a HEIC (HEVC) and gives it back as a JPEG, upright and with its colour profile; what is translucent becomes an AVIF
 * without one. Throws `refused-image` where it is damaged or over a limit.
 */
export async function fromHeic(path: string, policy: UploadPolicy): Promise<FromHeic> {
  const { icc, exif, xmp } = await sharp(path, { limitInputPixels: false }).metadata().catch(damaged);
  const decoder = await loadHeicDecoder();
  const [picture] = await decoder.all({ buffer: await readFile(path) }).catch(damaged);
  if (picture === undefined) throw refused('Expected a HEIC with a picture but it has none');
  const { width, height } = picture;
  checkSize({ width, height, pages: 1 }, policy);
  const { data } = await picture.decode().catch(damaged);
  const image = sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), {
    raw: { width, height, channels: 4 },
  });
  if (!isOpaque(data)) {
    return { bytes: await image.avif({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer(), exif, xmp };
  }
  const jpeg = await image.removeAlpha().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  return { bytes: icc === undefined ? jpeg : withProfile(jpeg, icc), exif, xmp };
}

/** A loop of ours takes a tenth of what libvips' statistics would, and ends at the first pixel that is not. */
function isOpaque(rgba: Uint8ClampedArray): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}

function damaged(cause: unknown): never {
  const said = cause instanceof Error ? shorten(cause.message) : '';
  throw refused('Expected a whole HEIC but it is damaged, cut short, or of a kind we cannot decode', new Error(said));
}

/** Bytes of a profile that fit into one segment (ICC.1:2022, B.4). */
const maxPart = 65_519;

/** The JPEG with a profile in front: the numbers stay, what they mean is said. */
function withProfile(jpeg: Buffer, icc: Buffer): Buffer {
  const count = Math.ceil(icc.length / maxPart);
  if (count > 255) return jpeg;
  const segments = Array.from({ length: count }, (_, index) => {
    const part = icc.subarray(index * maxPart, (index + 1) * maxPart);
    const head = Buffer.from([0xff, 0xe2, 0, 0]);
    head.writeUInt16BE(part.length + 16, 2);
    return Buffer.concat([head, Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([index + 1, count]), part]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

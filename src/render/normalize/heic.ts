import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { cut } from '../../errors.ts';
import { checkSize } from '../door/limits.ts';
import { refused } from '../door/refusal.ts';
import type { DoorPolicy } from '../door-policy.ts';
import { loadHeicDecoder } from './heic-decoder.ts';

/**
 * Decodes a HEIC (HEVC) and gives it back as a JPEG, upright and with its colour profile; what is translucent becomes an AVIF
 * without one. Throws `refused-image` where it is damaged or over a limit.
 */
export async function fromHeic(path: string, policy: DoorPolicy): Promise<Buffer> {
  const decoder = await loadHeicDecoder();
  const [picture] = await decoder.all({ buffer: await readFile(path) }).catch(damaged);
  if (picture === undefined) throw refused('Expected a HEIC with a picture but it has none');
  const { width, height } = picture;
  checkSize({ width, height, pages: 1 }, policy);
  const { data } = await picture.decode().catch(damaged);
  const image = sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), {
    raw: { width, height, channels: 4 },
  });
  const { isOpaque } = await image.clone().stats();
  if (!isOpaque) return image.avif({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
  const jpeg = await image.removeAlpha().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  const { icc } = await sharp(path, { limitInputPixels: false }).metadata();
  return icc === undefined ? jpeg : withProfile(jpeg, icc);
}

function damaged(cause: unknown): never {
  const said = cause instanceof Error ? cut(cause.message) : '';
  throw refused('Expected a whole HEIC but it is damaged, cut short, or of a kind we cannot decode', new Error(said));
}

/** Bytes of a profile that fit into one segment (ICC.1:2022, B.4). */
const longestPart = 65_519;

/** The JPEG with a profile in front: the numbers stay, what they mean is said. */
function withProfile(jpeg: Buffer, icc: Buffer): Buffer {
  const count = Math.ceil(icc.length / longestPart);
  if (count > 255) return jpeg;
  const segments = Array.from({ length: count }, (_, index) => {
    const part = icc.subarray(index * longestPart, (index + 1) * longestPart);
    const head = Buffer.from([0xff, 0xe2, 0, 0]);
    head.writeUInt16BE(part.length + 16, 2);
    return Buffer.concat([head, Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([index + 1, count]), part]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

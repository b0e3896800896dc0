import sharp, { type Metadata, type SharpOptions } from 'sharp';
import type { FormatName } from '../../formats/format.ts';
import { notAnImage, refused } from './refusal.ts';

/** Sizes are checked by `checkSize`, with a sentence of our own, between the header and the pixels. */
const unchecked: SharpOptions = { limitInputPixels: false };

/** What the header of a file, or of one of its pages, says. Decodes no pixel. Throws 415 or 422. */
export async function readHeader(input: string | Buffer, format: string, page?: number): Promise<Metadata> {
  try {
    return await sharp(input, { ...unchecked, ...(page === undefined ? {} : { page }) }).metadata();
  } catch (error) {
    throw damaged(format, error);
  }
}

/**
 * Decodes all of a picture to a few pixels, so that one cut short or damaged is found now. TIFF is held to `warning`:
 * at `error` its ZSTD and old-style JPEG strips come out black and are called well. Other formats are not, since that
 * would refuse real files (MJPEG frames, odd Adobe markers).
 */
export async function decodeAll(
  input: string | Buffer,
  format: FormatName | 'svg',
  pages: SharpOptions,
): Promise<void> {
  const failOn = format === 'tiff' ? 'warning' : 'error';
  try {
    await sharp(input, { ...unchecked, ...pages, failOn })
      .resize(64, 64, { fit: 'fill' })
      .raw()
      .toBuffer();
  } catch (error) {
    throw damaged(format, error);
  }
}

/** libvips' own text may hold paths: it becomes the cause. */
function damaged(format: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : '';
  if (text.includes('unsupported image format')) {
    return notAnImage(`Expected ${format} as the first bytes promise but received something else`, error);
  }
  return refused(`Expected a whole ${format} but it is damaged, cut short, or of a kind we cannot decode`, error);
}

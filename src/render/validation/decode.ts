import sharp, { type Metadata, type SharpOptions } from 'sharp';
import type { FormatName } from '../../formats/format.ts';
import { heicAdvice } from './heif-boxes.ts';
import { notAnImage, refused } from './refusal.ts';

/** A file to decode: a path, or bytes (of SVG). */
export interface Undecoded {
  readonly input: string | Buffer;
  readonly format: FormatName | 'svg';
}

/** Reads the header without decoding pixels, so the size is not limited. Throws `not-an-image` or `refused-image`. */
export async function readHeader({ input, format }: Undecoded, page = 0): Promise<Metadata> {
  try {
    // The first page is not named: in an AVIF it may differ from the primary image.
    const paged = page === 0 ? {} : { page };
    return await sharp(input, { limitInputPixels: false, failOn: 'error', ...paged }).metadata();
  } catch (error) {
    throw damaged(format, error);
  }
}

/**
 * Decodes all pixels, to detect truncated and damaged files. The validated size limits the decoder as well, in case it
 * reads the header differently.
 */
export async function decodeAll({ input, format }: Undecoded, options: SharpOptions): Promise<void> {
  const harmless = warnings[format];
  try {
    await shrink(input, { ...options, failOn: harmless === undefined ? 'error' : 'warning' });
  } catch (error) {
    if (harmless === undefined || !harmless(messageOf(error))) throw damaged(format, error);
    await shrink(input, { ...options, failOn: 'error' }).catch((again: unknown) => {
      throw damaged(format, again);
    });
  }
}

/**
 * Formats whose decoders only warn of damage, with a test for harmless warnings.
 * libjpeg fills missing scans with grey and warns; it also warns of odd Adobe markers and padding in valid photos.
 * libtiff draws undecodable parts black and warns; it also warns of every GeoTIFF.
 */
const warnings: Partial<Record<FormatName | 'svg', (text: string) => boolean>> = {
  jpg: (text) => !/premature end of|bad (?:Huffman|arithmetic) code|instead of RST|exceeds pixel limit/.test(text),
  tiff: (text) => linesOf(text).every((line) => harmlessTiff.test(line)),
};

/** libvips adds which tile it was reading. A damaged tile would fail at level `error` too. */
const harmlessTiff =
  /^error in (?:tile|strip)|does not end in null byte|Unknown field with tag|not sorted in ascending/;

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('Warning treated as error'));
}

/** Lanczos, the default, reads every line; a nearest-neighbour kernel would skip damaged ones. */
async function shrink(input: string | Buffer, options: SharpOptions): Promise<void> {
  await sharp(input, options).resize(64, 64, { fit: 'fill', withoutEnlargement: true }).raw().toBuffer();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** Failure for a file that cannot be decoded. The text of libvips may contain paths, so it becomes the cause. */
function damaged(format: string, cause: unknown): Error {
  if (messageOf(cause).includes('unsupported image format')) {
    return notAnImage(`Expected ${format} as the first bytes promise but received something else`, cause);
  }
  if (messageOf(cause).includes('compression format has not been built in')) {
    return notAnImage(
      `Expected AV1 inside an ${format} but received a codec we have no decoder for; ${heicAdvice}`,
      cause,
    );
  }
  return refused(`Expected a whole ${format} but it is damaged, cut short, or of a kind we cannot decode`, cause);
}

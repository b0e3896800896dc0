import sharp, { type Metadata, type SharpOptions } from 'sharp';
import type { FormatName } from '../../formats/format.ts';
import { heicAdvice } from './heif-boxes.ts';
import { notAnImage, refused } from './refusal.ts';

/** What to decode: a path, or bytes (of SVG), and which pages of it. */
export interface Undecoded {
  readonly input: string | Buffer;
  readonly format: FormatName | 'svg';
}

/** What the header says; decodes no pixel, so it may claim any size. Throws 415 or 422. */
export async function readHeader({ input, format }: Undecoded, page = 0): Promise<Metadata> {
  try {
    // Of the first page nothing is said: in an AVIF it need not be the primary picture.
    const paged = page === 0 ? {} : { page };
    return await sharp(input, { limitInputPixels: false, failOn: 'error', ...paged }).metadata();
  } catch (error) {
    throw damaged(format, error);
  }
}

/**
 * Decodes all of a picture to a few pixels, so that one cut short or damaged is found now. The checked size is a limit
 * here once more, should a decoder read the header in another way than we did.
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
 * Formats whose decoders only warn of damage, and which of their warnings may pass. libjpeg fills what a scan lacks with
 * grey and warns; it also warns of odd Adobe markers and padding in sound photographs. libtiff draws what it cannot
 * decode black and warns; it also warns of every GeoTIFF.
 */
const warnings: Partial<Record<FormatName | 'svg', (text: string) => boolean>> = {
  jpg: (text) => !/premature end of|bad (?:Huffman|arithmetic) code|instead of RST|exceeds pixel limit/.test(text),
  tiff: (text) => linesOf(text).every((line) => harmlessTiff.test(line)),
};

/** libvips adds which tile it was reading; were that tile itself bad, it would fail at `error` too. */
const harmlessTiff =
  /^error in (?:tile|strip)|does not end in null byte|Unknown field with tag|not sorted in ascending/;

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('Warning treated as error'));
}

/** Lanczos, the default, looks at every line; a nearest-neighbour kernel would skip damaged ones. */
async function shrink(input: string | Buffer, options: SharpOptions): Promise<void> {
  await sharp(input, options).resize(64, 64, { fit: 'fill', withoutEnlargement: true }).raw().toBuffer();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** libvips' own text may hold paths: it becomes the cause. */
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

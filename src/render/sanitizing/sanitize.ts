import { readFile, writeFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import { openPixels } from '../pixels/source-file.ts';
import type { SourceFacts } from '../source-facts.ts';
import { FileBytes } from '../validation/file-bytes.ts';
import { headLength, identify } from '../validation/file-type.ts';
import { isHeic } from '../validation/heif-boxes.ts';
import { refused } from '../validation/refusal.ts';
import type { UploadPolicy } from '../validation/upload-policy.ts';
import { validateUpload } from '../validation/validate.ts';
import { stripAvif } from './avif.ts';
import { stripGif } from './gif.ts';
import { fromHeic } from './heic.ts';
import { stripJpeg } from './jpeg.ts';
import { stripPng } from './png.ts';
import { namesOfExif, type Removable, type Stripped } from './stripped.ts';
import { stripTiff } from './tiff.ts';
import { stripWebp } from './webp.ts';

/** Processing of an upload: none, removing metadata, or converting to WebP without metadata. */
export type SanitizeMode = 'off' | 'strip' | 'webp';

export interface Preparation {
  readonly path: string;
  /** Path of the processed file. */
  readonly out: string;
  readonly policy: UploadPolicy;
  readonly mode: SanitizeMode;
}

export interface Prepared {
  /** False if the upload needs no change; then there is no file at `out`. */
  readonly written: boolean;
  readonly removed: readonly Removable[];
}

const asItIs: Prepared = { written: false, removed: [] };

/**
 * Produces the file to store from an upload. HEIC becomes JPEG if the policy allows; then metadata is removed.
 * Upright images keep their exact pixels. All files but HEIC are validated first. The colour profile is kept.
 * Throws like `validateUpload`.
 */
export async function sanitize({ path, out, policy, mode }: Preparation): Promise<Prepared> {
  if (policy.heic === 'convert' && isHeicFile(path)) {
    const { bytes, exif, xmp } = await fromHeic(path, policy);
    await writeFile(out, bytes);
    if (mode === 'webp') await writeFile(out, await asWebp(out, 'jpg', 1));
    return { written: true, removed: namesOf({ exif, xmp }) };
  }
  if (mode === 'off') return asItIs;
  const facts = await validateUpload(path, policy);
  if (facts.mediaType === 'image/svg+xml') return asItIs;
  return sanitizePixels({ path, out, facts, mode });
}

interface Job {
  readonly path: string;
  readonly out: string;
  readonly facts: SourceFacts;
  readonly mode: 'strip' | 'webp';
}

async function sanitizePixels({ path, out, facts, mode }: Job): Promise<Prepared> {
  const { format, orientation, pages } = facts;
  const stripped = strippers[format](await readFile(path), facts);
  const header = await sharp(path, opened).metadata();
  const removed = stripped === null ? namesOf(header) : [...stripped.removed];
  if (mode === 'webp' && format !== 'webp') {
    await writeFile(out, await asWebp(path, format, pages));
    return { written: true, removed };
  }
  if (orientation === 1 || pages > 1) {
    // Tags of a TIFF that could not be read may still contain metadata, so it is encoded again.
    if (removed.length === 0 && (stripped !== null || format !== 'tiff')) return asItIs;
    if (stripped !== null) {
      await writeFile(out, stripped.pieces);
      return { written: true, removed };
    }
  }
  const { space } = header;
  const upright = whole(path, pages).keepIccProfile().pipelineColourspace(space).toColourspace(space);
  await writeFile(out, await encoders[format](upright, stripped?.isLossless === true).toBuffer());
  return { written: true, removed };
}

const opened = { limitInputPixels: false } as const;

/** Opens all frames or pages, upright. */
function whole(path: string, pages: number): Sharp {
  return sharp(path, { ...opened, failOn: 'error', ...pagesOf(pages) }).autoOrient();
}

const pagesOf = (pages: number) => (pages === 1 ? {} : { pages });

/** Metadata removers by format. They return null if the layout of a file is not supported. */
const strippers: Readonly<Record<FormatName, (file: Buffer, facts: SourceFacts) => Stripped | null>> = {
  jpg: stripJpeg,
  png: stripPng,
  webp: stripWebp,
  gif: stripGif,
  tiff: stripTiff,
  avif: stripAvif,
};

/**
 * Converts to WebP, which holds 8-bit RGB; other colours become sRGB without profile. Throws `refused-image` if the
 * image does not fit.
 */
async function asWebp(path: string, format: FormatName, pages: number): Promise<Buffer> {
  const { space, depth, width, height, pageHeight = height } = await sharp(path, opened).metadata();
  const { maxSide, mediaType } = formats.webp;
  if (pages > 1 && !formats[format].animation) {
    throw refused(`Expected one page for ${mediaType} but there are ${pages}`);
  }
  if (Math.max(width, pageHeight) > maxSide) {
    throw refused(`Expected sides of at most ${maxSide} pixels for ${mediaType} but they are ${width}×${pageHeight}`);
  }
  const keepsColours = space === 'srgb' && depth === 'uchar';
  const image = keepsColours
    ? whole(path, pages).keepIccProfile()
    : (await openPixels(path, pagesOf(pages))).autoOrient();
  return image.webp(webpOptions).toBuffer();
}

const webpOptions = { quality: 90, smartSubsample: true } as const;

/** Encoders with minimal loss. */
const encoders: Readonly<Record<FormatName, (image: Sharp, isLossless: boolean) => Sharp>> = {
  jpg: (image) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  png: (image) => image.png(),
  webp: (image, isLossless) =>
    image.webp(isLossless ? { lossless: true, exact: true } : { quality: 95, smartSubsample: true }),
  gif: (image) => image.gif(),
  tiff: (image) => image.tiff({ compression: 'deflate' }),
  avif: (image) => image.avif({ quality: 90, chromaSubsampling: '4:4:4' }),
};

interface Metadata {
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
  readonly iptc?: Uint8Array | undefined;
}

function namesOf({ exif, xmp, iptc }: Metadata): readonly Removable[] {
  return [
    ...(exif === undefined ? [] : namesOfExif(exif)),
    ...(xmp === undefined ? [] : (['xmp'] as const)),
    ...(iptc === undefined ? [] : (['iptc'] as const)),
  ];
}

function isHeicFile(path: string): boolean {
  const file = new FileBytes(path);
  try {
    return isHeic(identify(file.at(0, headLength)));
  } finally {
    file.close();
  }
}

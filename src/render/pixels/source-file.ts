import { readFile } from 'node:fs/promises';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { allowSvgLoader, allowWorkingCopyLoader } from '../sharp-setup.ts';
import { hasRgbProfile, isLikeSrgb } from './colour-profile.ts';

/** An image in a local file. */
export interface SourceFile {
  readonly path: string;
  /** Decides how the file is opened. */
  readonly source: 'pixels' | 'svg' | 'copy';
  /** Index from 0. */
  readonly page: number;
}

const opened = { limitInputPixels: false, failOn: 'error' } as const;

/**
 * Starts a pipeline from one page of a validated file. SVG is read into memory, because by path librsvg could open
 * neighbouring files.
 */
export async function openFile({ path, source, page }: SourceFile): Promise<Sharp> {
  if (source === 'svg') {
    allowSvgLoader();
    return sharp(await readFile(path), { limitInputPixels: false });
  }
  if (source === 'copy') {
    allowWorkingCopyLoader();
    return sharp(path, { ...opened, sequentialRead: true });
  }
  // The first page is not named: in an AVIF it may differ from the primary image, which was validated.
  return openPixels(path, { sequentialRead: true, ...(page === 0 ? {} : { page }) });
}

/**
 * Starts a pipeline that converts colours to sRGB by the file's profile. A profile equivalent to sRGB is not applied.
 * sharp 0.35 reads 16-bit RGB with a profile as Display P3 and then as sRGB. Such images are reduced to 8 bits first.
 */
export async function openPixels(path: string, options: SharpOptions): Promise<Sharp> {
  const metadata = await sharp(path, { ...opened, ...options }).metadata();
  const { space, icc } = metadata;
  const ignoreIcc = icc !== undefined && hasRgbProfile(metadata) && (await isLikeSrgb(icc));
  const image = sharp(path, { ...opened, ...options, ignoreIcc });
  return space === 'rgb16' && icc !== undefined && !ignoreIcc ? image.pipelineColourspace('srgb') : image;
}

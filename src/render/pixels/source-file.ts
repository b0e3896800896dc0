import { readFile } from 'node:fs/promises';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { allowSvgLoader, allowWorkingCopyLoader } from '../sharp-setup.ts';
import { hasRgbProfile, isLikeSrgb } from './colour-profile.ts';

/** A picture in a local file. */
export interface SourceFile {
  readonly path: string;
  /** SVG and working copies are opened in another way than everything else. */
  readonly source: 'pixels' | 'svg' | 'copy';
  /** From 0. */
  readonly page: number;
}

const opened = { limitInputPixels: false, failOn: 'error' } as const;

/** Begins a pipeline with one page of a file that has passed the door. SVG from memory only: by path its renderer would open pictures that lie beside it. */
export async function openFile({ path, source, page }: SourceFile): Promise<Sharp> {
  if (source === 'svg') {
    allowSvgLoader();
    return sharp(await readFile(path), { limitInputPixels: false });
  }
  if (source === 'copy') {
    allowWorkingCopyLoader();
    return sharp(path, { ...opened, sequentialRead: true });
  }
  // The first page is left unsaid: in an AVIF it need not be the primary picture, which is what the door has checked.
  return openPixels(path, { sequentialRead: true, ...(page === 0 ? {} : { page }) });
}

/**
 * Begins a pipeline with a file whose colours become sRGB by its profile; one that changes nothing is not applied.
 * sharp 0.35 turns the colours of an RGB picture with 16 bits and a profile into Display P3 and takes them for sRGB, so
 * such a picture is reduced to 8 bits first.
 */
export async function openPixels(path: string, options: SharpOptions): Promise<Sharp> {
  const metadata = await sharp(path, { ...opened, ...options }).metadata();
  const { space, icc } = metadata;
  const ignoreIcc = icc !== undefined && hasRgbProfile(metadata) && (await isLikeSrgb(icc));
  const image = sharp(path, { ...opened, ...options, ignoreIcc });
  return space === 'rgb16' && icc !== undefined && !ignoreIcc ? image.pipelineColourspace('srgb') : image;
}

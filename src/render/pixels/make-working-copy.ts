import { rename, rm } from 'node:fs/promises';
import sharp from 'sharp';
import { type ResizeStep, resizeStep } from '../steps/resize.ts';
import { openFile } from './source-file.ts';

/** A working copy to be made of an original that is a still. */
export interface CopyJob {
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly version: string;
  /** Of the original as it lies. */
  readonly scaling: ResizeStep;
  /** Where the copy is to lie. Ends with `.v`. */
  readonly to: string;
}

/**
 * Writes a copy beside its place and moves it there, so that nobody ever opens part of one. False, and no file, where the
 * original has more than 8 bits a channel: a copy has not.
 */
export async function makeWorkingCopy({ path, scaling, to }: CopyJob): Promise<boolean> {
  const { depth } = await sharp(path, { limitInputPixels: false }).metadata();
  if (depth !== 'uchar') return false;
  const unfinished = to.replace(/\.v$/, '.part.v');
  const image = await openFile({ path, source: 'pixels', page: 0 });
  try {
    await resizeStep.apply(image, scaling).toColourspace('srgb').toFile(unfinished);
    await rename(unfinished, to);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw cause;
  }
  return true;
}

import { rename, rm } from 'node:fs/promises';
import sharp from 'sharp';
import { type ResizeStep, resizeStep } from '../steps/resize.ts';
import { openFile } from './source-file.ts';

/** A working copy to make of a still original. */
export interface CopyJob {
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly version: string;
  /** Size of the copy; the original's orientation is not applied. */
  readonly scaling: ResizeStep;
  /** Path of the copy. Ends with `.v`. */
  readonly to: string;
}

/**
 * Writes a working copy and moves it into place, so that readers see only complete ones.
 * Returns false, without a file, if the original has more than 8 bits per channel.
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

import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { allowCopies, allowSvg } from './loaders.ts';

/** A picture in a local file. */
export interface SourceFile {
  readonly path: string;
  /** SVG and working copies are opened in another way than everything else. */
  readonly source: 'pixels' | 'svg' | 'copy';
  /** From 0. */
  readonly page: number;
}

/** Begins a pipeline with one page of a file that has passed the door. SVG from memory only: by path its renderer would open pictures that lie beside it. */
export async function openFile({ path, source, page }: SourceFile): Promise<Sharp> {
  if (source === 'svg') {
    allowSvg();
    return sharp(await readFile(path), { limitInputPixels: false });
  }
  if (source === 'copy') allowCopies();
  // The first page is left unsaid: in an AVIF it need not be the primary picture, which is what the door has checked.
  return sharp(path, {
    failOn: 'error',
    ...(page === 0 ? {} : { page }),
    limitInputPixels: false,
    sequentialRead: true,
  });
}

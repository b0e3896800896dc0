import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawPhoto } from '../test/support/photo.ts';

export type PhotoFormat = 'jpeg' | 'png' | 'webp';

/** An upright picture. */
export interface Photo {
  readonly id: string;
  readonly format: PhotoFormat;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** Where the benches get photos of a wanted size. */
export interface Photos {
  /** Where they come from, in words. */
  readonly source: string;
  /** Up to three photos of about this many pixels; JPEG where nothing else is said. */
  ofPixels(pixels: number, format?: PhotoFormat): Promise<readonly Photo[]>;
}

const howMany = 3;
const quality = 85;

/** Photos that we draw: the same on every machine. */
export const drawnPhotos: Photos = {
  source: 'drawn by test/support/photo.ts',
  ofPixels: async (pixels, format = 'jpeg') => {
    const { width, height } = sidesOf(pixels, 4 / 3);
    const seeds = Array.from({ length: howMany }, (_, index) => index + 1);
    const draw = async (seed: number) => {
      const bytes = await drawPhoto(width, height, { quality, seed, format });
      return { id: `drawn-${seed}-${format}`, format, width, height, bytes };
    };
    return Promise.all(seeds.map(draw));
  },
};

/** Photos of a folder, brought to the wanted size and upright. A photo that is smaller is left out, never enlarged. */
export function photosIn(folder: string): Photos {
  return {
    source: folder,
    ofPixels: async (pixels, format = 'jpeg') => {
      const photos: Photo[] = [];
      for (const name of (await readdir(folder)).toSorted()) {
        if (photos.length === howMany) break;
        if (/\.(jpe?g|png|webp|avif|tiff?)$/i.test(name))
          photos.push(...(await bring(join(folder, name), `photo-${photos.length + 1}-${format}`, { pixels, format })));
      }
      if (photos.length === 0) throw new Error(`Expected a photo of at least ${pixels} pixels in ${folder}`);
      return photos;
    },
  };
}

interface Wanted {
  readonly pixels: number;
  readonly format: PhotoFormat;
}

async function bring(path: string, id: string, { pixels, format }: Wanted): Promise<readonly Photo[]> {
  const image = sharp(await readFile(path)).autoOrient();
  const { autoOrient } = await image.metadata();
  if (autoOrient.width * autoOrient.height < pixels) return [];
  const { width, height } = sidesOf(pixels, autoOrient.width / autoOrient.height);
  const bytes = Buffer.from(
    await image.resize(width, height, { fit: 'fill' }).toFormat(format, { quality }).toBuffer(),
  );
  return [{ id, format, width, height, bytes }];
}

/** Multiples of eight, as cameras have them. */
function sidesOf(pixels: number, ratio: number): { readonly width: number; readonly height: number } {
  const even = (side: number) => 8 * Math.round(side / 8);
  return { width: even(Math.sqrt(pixels * ratio)), height: even(Math.sqrt(pixels / ratio)) };
}

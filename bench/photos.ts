import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawPhoto } from '../test/support/photo.ts';

/** An upright JPEG. */
export interface Photo {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** Where the benches get photos of a wanted size. */
export interface Photos {
  /** Where they come from, in words. */
  readonly source: string;
  /** Up to three photos of about this many pixels. */
  ofPixels(pixels: number): Promise<readonly Photo[]>;
}

const howMany = 3;
const quality = 85;

/** Photos that we draw: the same on every machine. */
export const drawnPhotos: Photos = {
  source: 'drawn by test/support/photo.ts',
  ofPixels: async (pixels) => {
    const { width, height } = sidesOf(pixels, 4 / 3);
    const seeds = Array.from({ length: howMany }, (_, index) => index + 1);
    const draw = async (seed: number) => {
      const bytes = await drawPhoto(width, height, { quality, seed });
      return { id: `drawn-${seed}`, width, height, bytes };
    };
    return Promise.all(seeds.map(draw));
  },
};

/** Photos of a folder, brought to the wanted size and upright. A photo that is smaller is left out, never enlarged. */
export function photosIn(folder: string): Photos {
  return {
    source: folder,
    ofPixels: async (pixels) => {
      const photos: Photo[] = [];
      for (const name of (await readdir(folder)).toSorted()) {
        if (photos.length === howMany) break;
        if (/\.(jpe?g|png|webp|avif|tiff?)$/i.test(name))
          photos.push(...(await bring(join(folder, name), `photo-${photos.length + 1}`, pixels)));
      }
      if (photos.length === 0) throw new Error(`Expected a photo of at least ${pixels} pixels in ${folder}`);
      return photos;
    },
  };
}

async function bring(path: string, id: string, pixels: number): Promise<readonly Photo[]> {
  const image = sharp(await readFile(path)).autoOrient();
  const { autoOrient } = await image.metadata();
  if (autoOrient.width * autoOrient.height < pixels) return [];
  const { width, height } = sidesOf(pixels, autoOrient.width / autoOrient.height);
  const bytes = Buffer.from(await image.resize(width, height, { fit: 'fill' }).jpeg({ quality }).toBuffer());
  return [{ id, width, height, bytes }];
}

function sidesOf(pixels: number, ratio: number): { readonly width: number; readonly height: number } {
  return { width: Math.round(Math.sqrt(pixels * ratio)), height: Math.round(Math.sqrt(pixels / ratio)) };
}

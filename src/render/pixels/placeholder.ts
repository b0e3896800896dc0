import { encode } from 'blurhash';
import { rgbaToThumbHash } from 'thumbhash';
import { printColour } from '../../transform/params/colour.ts';
import type { Placeholder } from '../placeholder-facts.ts';
import { reopen } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';
import { dominantIn } from './dominant.ts';
import { pictureOf, type RenderJob } from './render.ts';

const placeholderSide = 20;
const components = [4, 3] as const;

/** Computes the placeholder of an image. The plan reduces it to at most `placeholderSide` per side. */
export async function computePlaceholder(job: RenderJob): Promise<Placeholder> {
  const picture = await pictureOf(job);
  const { width, height } = picture;
  const rgba = rgbaOf(picture);
  const tiny = await reopen(picture)
    .resize(placeholderSide, placeholderSide, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 40, effort: 6 })
    .toBuffer();
  return {
    dominantColor: `#${printColour(dominantIn(picture))}`,
    thumbHash: Buffer.from(rgbaToThumbHash(width, height, rgba)).toString('base64'),
    blurHash: encode(new Uint8ClampedArray(rgba), width, height, ...components),
    placeholder: `data:image/webp;base64,${tiny.toString('base64')}`,
  };
}

/** Pixels with four channels, which the hashes need. */
function rgbaOf({ pixels, width, height, channels }: RawPicture): Uint8Array {
  if (channels === 4) return pixels;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let at = 0, from = 0; at < rgba.length; at += 4, from += 3) rgba.set(pixels.subarray(from, from + 3), at);
  return rgba;
}

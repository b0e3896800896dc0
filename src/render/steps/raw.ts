import sharp, { type Sharp } from 'sharp';
import type { RawPicture } from './step.ts';

// Steps import this module when they are done, not when they are loaded: the server plans with them, and loads no sharp.

/** Begins a pipeline with pixels; nothing else of the original is in it. */
export function reopen({ pixels, width, height, channels }: RawPicture): Sharp {
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Ends a pipeline: what it made, as pixels. */
export async function settleRaw(image: Sharp): Promise<RawPicture> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3 };
}

import sharp, { type Sharp } from 'sharp';
import type { RawPicture } from './step.ts';

// Steps import this module when they run, not when they load, so that the server can plan without loading sharp.

/** Starts a pipeline from pixels, without any metadata. */
export function reopen({ pixels, width, height, channels }: RawPicture): Sharp {
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Ends a pipeline and returns its pixels. */
export async function settleRaw(image: Sharp): Promise<RawPicture> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3 };
}

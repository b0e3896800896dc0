import sharp, { type Sharp } from 'sharp';
import { settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';
import { openPixels } from './source-file.ts';

/** Frame durations and loop count of an animation. */
export interface Timing {
  /** Milliseconds of each frame. */
  readonly delay: number[];
  /** Number of plays; 0 means endless. */
  readonly loop: number;
}

/** All frames of an animation, complete and of equal size, in order. */
export interface Frames {
  readonly pictures: readonly RawPicture[];
  readonly timing: Timing;
}

/** Milliseconds that browsers show a frame without a delay. */
const unsaidDelay = 100;

/** Decodes all frames at once, because decoding one frame decodes all before it. */
export async function readFrames(path: string, count: number): Promise<Frames> {
  const image = await openPixels(path, { pages: count, sequentialRead: true });
  const { delay = [], loop = 0 } = await image.metadata();
  const { pixels, width, height, channels } = await settleRaw(image);
  const length = pixels.length / count;
  const pictures = Array.from({ length: count }, (_, index) => ({
    width,
    height: height / count,
    channels,
    pixels: pixels.subarray(index * length, (index + 1) * length),
  }));
  return { pictures, timing: { delay: pictures.map((_, index) => delay[index] ?? unsaidDelay), loop } };
}

/** Applies `change` to every frame. Returns all frames stacked vertically. */
export async function eachFrame(
  { pictures }: Frames,
  change: (picture: RawPicture) => Promise<RawPicture>,
): Promise<RawPicture> {
  const [first, ...rest] = pictures;
  if (first === undefined) throw new TypeError('Expected an animation of at least one frame');
  const { pixels: top, width, height, channels } = await change(first);
  const pixels = new Uint8Array(top.length * pictures.length);
  pixels.set(top);
  for (const [index, picture] of rest.entries()) pixels.set((await change(picture)).pixels, (index + 1) * top.length);
  return { pixels, width, height: height * pictures.length, channels };
}

/** Starts a pipeline from vertically stacked frames. */
export function reopenFrames({ pixels, width, height, channels }: RawPicture, count: number): Sharp {
  return sharp(pixels, { raw: { width, height, channels, pageHeight: height / count }, limitInputPixels: false });
}

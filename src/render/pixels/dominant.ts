import type { Sharp } from 'sharp';
import { type Colour, white } from '../../transform/params/colour.ts';
import type { SettledStep, Step } from '../steps/index.ts';
import { settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';

/**
 * Side in pixels to which the image is reduced before counting, so that large originals cost no more than small ones.
 */
const side = 64;

/** Index of a pixel's bucket, with 16 ranges per channel. */
const box = ({ pixels }: RawPicture, at: number): number =>
  (((pixels[at] ?? 0) >> 4) << 8) | (((pixels[at + 1] ?? 0) >> 4) << 4) | ((pixels[at + 2] ?? 0) >> 4);

/**
 * Dominant colour: the mean of the most frequent of 16 × 16 × 16 colour buckets, with pixels weighted by alpha.
 * Ties go to the darker bucket. A fully transparent image gives white.
 */
export function dominantIn(picture: RawPicture): Colour {
  const { pixels, channels } = picture;
  const weights = new Float64Array(4096);
  const alphaOf = (at: number) => (channels === 4 ? (pixels[at + 3] ?? 0) : 255);
  for (let at = 0; at < pixels.length; at += channels)
    weights[box(picture, at)] = (weights[box(picture, at)] ?? 0) + alphaOf(at);
  const fullest = weights.indexOf(Math.max(...weights));
  const weight = weights[fullest] ?? 0;
  if (weight === 0) return white;
  const sums = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += channels) {
    if (box(picture, at) !== fullest) continue;
    for (let band = 0; band < 3; band++) sums[band] = (sums[band] ?? 0) + (pixels[at + band] ?? 0) * alphaOf(at);
  }
  const [red = 0, green = 0, blue = 0] = sums.map((sum) => Math.round(sum / weight));
  return { red, green, blue, alpha: 255 };
}

const isAuto = (step: Step): boolean => 'background' in step && step.background === 'auto';

function settled(step: Step, dominant: Colour): SettledStep {
  if (!('background' in step)) return step;
  return { ...step, background: step.background === 'auto' ? dominant : step.background };
}

/** Replaces `auto` backgrounds by the dominant colour of the original, which is computed only if needed. */
export async function withDominant(
  steps: readonly Step[],
  open: () => Promise<Sharp>,
): Promise<readonly SettledStep[]> {
  const dominant = steps.some(isAuto) ? dominantIn(await settleRaw(await reduced(open))) : white;
  return steps.map((step) => settled(step, dominant));
}

const reduced = async (open: () => Promise<Sharp>): Promise<Sharp> =>
  (await open()).resize(side, side, { fit: 'fill' });

import type { Sharp } from 'sharp';
import { type Colour, white } from '../../transform/params/colour.ts';
import type { SettledStep, Step } from '../steps/index.ts';
import { settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';

/** Of the picture it is looked for in: enough to tell what prevails, and a large original costs no more than a small one. */
const side = 64;

/** 16 ranges a channel. */
const box = ({ pixels }: RawPicture, at: number): number =>
  (((pixels[at] ?? 0) >> 4) << 8) | (((pixels[at + 1] ?? 0) >> 4) << 4) | ((pixels[at + 2] ?? 0) >> 4);

/**
 * The colour that prevails: of 16 × 16 × 16 boxes the one that holds most of the picture, each pixel by its alpha, and in it
 * the mean. Equal boxes: the darker. Wholly transparent: white.
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

/** Puts the dominant colour of the original where the plan leaves a colour to it; most plans do not. */
export async function withDominant(
  steps: readonly Step[],
  open: () => Promise<Sharp>,
): Promise<readonly SettledStep[]> {
  const dominant = steps.some(isAuto) ? dominantIn(await settleRaw(await reduced(open))) : white;
  return steps.map((step) => settled(step, dominant));
}

const reduced = async (open: () => Promise<Sharp>): Promise<Sharp> =>
  (await open()).resize(side, side, { fit: 'fill' });

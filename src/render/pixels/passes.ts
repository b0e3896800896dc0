import type { Sharp } from 'sharp';
import { applySteps, type Passes, paintSteps } from '../steps/index.ts';
import { reopen, settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';

/** How far a picture has come. */
export interface PassResult {
  readonly image: Sharp;
  /** The same as pixels, where the last pass made them. */
  readonly picture: RawPicture | null;
  readonly passes: number;
}

/** Does passes one after another; all but the first begin with pixels. */
export async function runPasses(begun: Sharp, [first, ...rest]: Passes): Promise<PassResult> {
  let image = applySteps(begun, first.steps);
  let picture: RawPicture | null = null;
  for (const { by, steps } of rest) {
    const made = await settleRaw(image);
    picture = by === 'hand' ? await paintSteps(made, steps) : null;
    image = picture === null ? applySteps(reopen(made), steps) : reopen(picture);
  }
  return { image, picture, passes: rest.length + 1 };
}

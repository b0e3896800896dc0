import type { Sharp } from 'sharp';
import { applySteps, type Passes, paintSteps } from '../steps/index.ts';
import { reopen, settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';

/** Result of a sequence of passes. */
export interface PassResult {
  readonly image: Sharp;
  /** The pixels, if the last pass painted them. */
  readonly picture: RawPicture | null;
  readonly passes: number;
}

/** Runs passes one after another. Each pass after the first starts from pixels. */
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

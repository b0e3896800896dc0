import type { Sharp } from 'sharp';
import { reopen, settle } from '../steps/raw.ts';
import { applySteps, type Passes, paintSteps } from '../steps/index.ts';
import type { Picture } from '../steps/step.ts';

/** How far a picture has come. */
export interface Run {
  readonly image: Sharp;
  /** The same as pixels, where the last pass made them. */
  readonly picture: Picture | null;
  readonly passes: number;
}

/** Does passes one after another; all but the first begin with pixels. */
export async function run(begun: Sharp, [first, ...rest]: Passes): Promise<Run> {
  let image = applySteps(begun, first.steps);
  let picture: Picture | null = null;
  for (const { by, steps } of rest) {
    const made = await settle(image);
    picture = by === 'hand' ? await paintSteps(made, steps) : null;
    image = picture === null ? applySteps(reopen(made), steps) : reopen(picture);
  }
  return { image, picture, passes: rest.length + 1 };
}

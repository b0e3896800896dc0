import { byMatrix } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Saturation change. */
export interface SaturationStep {
  readonly kind: 'saturation';
  /** −100 (grey) to 100 (twice the distance from grey). */
  readonly by: number;
}

/** `out = luma + (in − luma) · (1 + by / 100)`, luma = 0.213 R + 0.715 G + 0.072 B (Filter Effects 1, `saturate`). */
export const saturationStep: PaintStep<SaturationStep> = {
  kind: 'saturation',
  pipeline: 1,
  paint(picture, { by }) {
    const keep = 1 + by / 100;
    const [red, green, blue] = [0.213 * (1 - keep), 0.715 * (1 - keep), 0.072 * (1 - keep)];
    return byMatrix(picture, [
      [red + keep, green, blue],
      [red, green + keep, blue],
      [red, green, blue + keep],
    ]);
  },
};

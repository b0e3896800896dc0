import { byTable } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Contrast change. */
export interface ContrastStep {
  readonly kind: 'contrast';
  /** −100 (all 127.5) to 100 (only 0 and 255). */
  readonly by: number;
}

/** `out = 127.5 + (in − 127.5) · tan(45° · (1 + by / 100))`: the slope is 0 at −100, 1 at 0 and infinite at 100. */
export const contrastStep: PaintStep<ContrastStep> = {
  kind: 'contrast',
  pipeline: 1,
  paint(picture, { by }) {
    const slope = Math.tan((Math.PI / 4) * (1 + by / 100));
    return byTable(picture, (value) => 127.5 + (value - 127.5) * slope);
  },
};

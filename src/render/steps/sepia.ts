import { byMatrix } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Sepia tone. */
export interface SepiaStep {
  readonly kind: 'sepia';
  /** 1 to 100. */
  readonly percent: number;
}

/** The matrix of `sepia(percent)` in Filter Effects 1: a mix of the sepia image and the original. */
export const sepiaStep: PaintStep<SepiaStep> = {
  kind: 'sepia',
  pipeline: 1,
  paint(picture, { percent }) {
    const share = percent / 100;
    const rest = 1 - share;
    return byMatrix(picture, [
      [0.393 * share + rest, 0.769 * share, 0.189 * share],
      [0.349 * share, 0.686 * share + rest, 0.168 * share],
      [0.272 * share, 0.534 * share, 0.131 * share + rest],
    ]);
  },
};

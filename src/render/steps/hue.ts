import { byMatrix } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Rotates all hues. */
export interface HueStep {
  readonly kind: 'hue';
  /** −180 to 180. */
  readonly degrees: number;
}

/** The matrix of `hue-rotate(degrees)` in Filter Effects 1: a rotation about the grey axis that keeps luma. */
export const hueStep: PaintStep<HueStep> = {
  kind: 'hue',
  pipeline: 1,
  paint(picture, { degrees }) {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return byMatrix(picture, [
      [0.213 + cos * 0.787 - sin * 0.213, 0.715 - cos * 0.715 - sin * 0.715, 0.072 - cos * 0.072 + sin * 0.928],
      [0.213 - cos * 0.213 + sin * 0.143, 0.715 + cos * 0.285 + sin * 0.14, 0.072 - cos * 0.072 - sin * 0.283],
      [0.213 - cos * 0.213 - sin * 0.787, 0.715 - cos * 0.715 + sin * 0.715, 0.072 + cos * 0.928 + sin * 0.072],
    ]);
  },
};

import { byLightness } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Turns every pixel black or white. */
export interface ThresholdStep {
  readonly kind: 'threshold';
  /** 0 to 255; 0 makes all pixels white. */
  readonly from: number;
}

/** `out = 255` where L ≥ from, else 0; L is the grey of equal luminance. */
export const thresholdStep: PaintStep<ThresholdStep> = {
  kind: 'threshold',
  pipeline: 1,
  paint: (picture, { from }) =>
    byLightness(picture, (lightness) => (lightness >= from ? [255, 255, 255] : [0, 0, 0]), 1),
};

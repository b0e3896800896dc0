import { byLightness } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Black and white, nothing between. */
export interface ThresholdStep {
  readonly kind: 'threshold';
  /** 0 to 255; 0 is all white. */
  readonly from: number;
}

/** `out = 255` where L ≥ from, else 0; L is the grey of the same luminance. */
export const thresholdStep: PaintStep<ThresholdStep> = {
  kind: 'threshold',
  pipeline: 1,
  paint: (picture, { from }) =>
    byLightness(picture, (lightness) => (lightness >= from ? [255, 255, 255] : [0, 0, 0]), 1),
};

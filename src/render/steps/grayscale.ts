import { byLightness } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Removes colour. */
export interface GrayscaleStep {
  readonly kind: 'grayscale';
}

/** `out = L` for every channel: the sRGB grey of equal luminance, 0.2126 R + 0.7152 G + 0.0722 B in linear light. */
export const grayscaleStep: PaintStep<GrayscaleStep> = {
  kind: 'grayscale',
  pipeline: 1,
  paint: (picture) => byLightness(picture, (lightness) => [lightness, lightness, lightness], 1),
};

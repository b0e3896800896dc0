import type { Colour } from '../../transform/params/colour.ts';
import { byLightness } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Mixes a colour into every pixel. */
export interface ColorizeStep {
  readonly kind: 'colorize';
  readonly colour: Colour;
  /** 0 to 100; at 100 nothing but the picture's outline is left. */
  readonly percent: number;
}

/** `out = in + (colour − in) · percent / 100`; alpha stays. A translucent colour covers as much less. */
export const colorizeStep: PaintStep<ColorizeStep> = {
  kind: 'colorize',
  pipeline: 1,
  paint: (picture, { colour: { red, green, blue, alpha }, percent }) =>
    byLightness(picture, () => [red, green, blue], (percent / 100) * (alpha / 255)),
};

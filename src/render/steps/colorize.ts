import type { Colour } from '../../transform/params/colour.ts';
import { byLightness } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Mixes a colour into every pixel. */
export interface ColorizeStep {
  readonly kind: 'colorize';
  readonly colour: Colour;
  /** 0 to 100; at 100 only the shape given by alpha remains. */
  readonly percent: number;
}

/** `out = in + (colour − in) · percent / 100`; alpha is kept. A translucent colour has proportionally less effect. */
export const colorizeStep: PaintStep<ColorizeStep> = {
  kind: 'colorize',
  pipeline: 1,
  paint: (picture, { colour: { red, green, blue, alpha }, percent }) =>
    byLightness(picture, () => [red, green, blue], (percent / 100) * (alpha / 255)),
};

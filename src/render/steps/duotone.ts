import type { Colour } from '../../transform/params/colour.ts';
import { byLightness } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Maps lightness to a gradient between two colours. */
export interface DuotoneStep {
  readonly kind: 'duotone';
  readonly dark: Colour;
  readonly light: Colour;
}

/** `out = dark + (light − dark) · L / 255`, where L is the grey of equal luminance. */
export const duotoneStep: PaintStep<DuotoneStep> = {
  kind: 'duotone',
  pipeline: 1,
  paint(picture, { dark, light }) {
    const mix = (from: number, to: number, lightness: number) => from + ((to - from) * lightness) / 255;
    return byLightness(
      picture,
      (lightness) => [
        mix(dark.red, light.red, lightness),
        mix(dark.green, light.green, lightness),
        mix(dark.blue, light.blue, lightness),
      ],
      1,
    );
  },
};

import type { Colour } from '../../transform/params/colour.ts';
import { byLightness } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Gives midtones a colour. */
export interface TintStep {
  readonly kind: 'tint';
  readonly colour: Colour;
  /** 0 to 100. */
  readonly percent: number;
}

/**
 * `out = in + (toned − in) · percent / 100`. `toned` runs by lightness from black over the colour (at 127.5) to white,
 * linearly. A translucent colour has proportionally less effect.
 */
export const tintStep: PaintStep<TintStep> = {
  kind: 'tint',
  pipeline: 1,
  paint(picture, { colour, percent }) {
    const toned = (channel: number, lightness: number) =>
      lightness <= 127.5 ? (channel * lightness) / 127.5 : channel + ((255 - channel) * (lightness - 127.5)) / 127.5;
    return byLightness(
      picture,
      (lightness) => [toned(colour.red, lightness), toned(colour.green, lightness), toned(colour.blue, lightness)],
      (percent / 100) * (colour.alpha / 255),
    );
  },
};

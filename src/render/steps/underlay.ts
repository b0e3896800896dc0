import type { Colour } from '../../transform/params/colour.ts';
import type { PaintStep } from './step.ts';

/** Composites the image over a translucent colour. */
export interface UnderlayStep {
  readonly kind: 'underlay';
  readonly colour: Colour;
}

/**
 * Porter and Duff's "over", with the colour c (alpha b) beneath the image (alpha a): `alpha′ = a + b · (1 − a)`, `out =
 * (in · a + c · b · (1 − a)) / alpha′`.
 */
export const underlayStep: PaintStep<UnderlayStep> = {
  kind: 'underlay',
  pipeline: 1,
  paint(picture, { colour: { red, green, blue, alpha } }) {
    const { pixels, channels } = picture;
    if (channels === 3) return picture;
    for (let at = 0; at < pixels.length; at += 4) {
      const over = pixels[at + 3] ?? 0;
      const under = (alpha * (255 - over)) / 255;
      const sum = over + under;
      if (sum === 0) continue;
      const mix = (own: number, beneath: number) => Math.round((own * over + beneath * under) / sum);
      pixels[at] = mix(pixels[at] ?? 0, red);
      pixels[at + 1] = mix(pixels[at + 1] ?? 0, green);
      pixels[at + 2] = mix(pixels[at + 2] ?? 0, blue);
      pixels[at + 3] = Math.round(sum);
    }
    return picture;
  },
};

import type { Shade, SharpStep } from './step.ts';

/** Extends the canvas around the image. */
export interface PadStep {
  readonly kind: 'pad';
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly background: Shade;
}

/** Not in one pipeline with a cut before it: sharp would report the size before the padding. */
export const padStep: SharpStep<PadStep> = {
  kind: 'pad',
  slot: 4,
  pipeline: 1,
  apply(image, { left, top, right, bottom, background }) {
    const { red: r, green: g, blue: b, alpha } = background;
    return image.extend({ left, top, right, bottom, background: { r, g, b, alpha: alpha / 255 } });
  },
};

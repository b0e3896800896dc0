import type { Shade, SharpStep } from './step.ts';

/** Rotates clockwise by any angle; the canvas grows. */
export interface RotateStep {
  readonly kind: 'rotate';
  readonly degrees: number;
  readonly background: Shade;
}

/**
 * Shares the slot of quarter turns: sharp keeps one angle per pipeline and rotates after resizing, before cutting or
 * extending.
 */
export const rotateStep: SharpStep<RotateStep> = {
  kind: 'rotate',
  slot: 3,
  pipeline: 1,
  apply(image, { degrees, background }) {
    const { red: r, green: g, blue: b, alpha } = background;
    return image.rotate(degrees, { background: { r, g, b, alpha: alpha / 255 } });
  },
};

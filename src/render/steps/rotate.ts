import type { Shade, SharpStep } from './step.ts';

/** Turns clockwise by any angle; the canvas grows. */
export interface RotateStep {
  readonly kind: 'rotate';
  readonly degrees: number;
  readonly background: Shade;
}

/** Where quarter turns are too: sharp keeps one angle a pipeline, and turns by it after resizing, before it cuts or extends. */
export const rotateStep: SharpStep<RotateStep> = {
  kind: 'rotate',
  slot: 3,
  pipeline: 1,
  apply(image, { degrees, background }) {
    const { red: r, green: g, blue: b, alpha } = background;
    return image.rotate(degrees, { background: { r, g, b, alpha: alpha / 255 } });
  },
};

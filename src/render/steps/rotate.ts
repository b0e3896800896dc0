import type { Colour } from '../../transform/params/colour.ts';
import type { StepKind } from './step.ts';

/** Turns clockwise by any angle; the canvas grows. */
export interface Rotate {
  readonly kind: 'rotate';
  readonly degrees: number;
  readonly background: Colour;
}

/** Alone in its pipeline: libvips turns before it cuts or extends. */
export const rotate: StepKind<Rotate> = {
  kind: 'rotate',
  slot: 1,
  pipeline: 1,
  apply(image, { degrees, background }) {
    const { red: r, green: g, blue: b, alpha } = background;
    return image.rotate(degrees, { background: { r, g, b, alpha: alpha / 255 } });
  },
};

import type { Shade, SharpStep } from './step.ts';

/** Lays the picture on an opaque colour. */
export interface FlattenStep {
  readonly kind: 'flatten';
  readonly background: Shade;
}

/** First in libvips: it commutes with everything that only moves pixels, and the plan sees to it. */
export const flattenStep: SharpStep<FlattenStep> = {
  kind: 'flatten',
  slot: 0,
  pipeline: 1,
  apply(image, { background }) {
    return image.flatten({ background: { r: background.red, g: background.green, b: background.blue } });
  },
};

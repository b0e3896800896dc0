import type { Shade, SharpStep } from './step.ts';

/** Composites the image over an opaque colour. */
export interface FlattenStep {
  readonly kind: 'flatten';
  readonly background: Shade;
}

/** First in libvips. The plan uses it only where it commutes with the other steps. */
export const flattenStep: SharpStep<FlattenStep> = {
  kind: 'flatten',
  slot: 0,
  pipeline: 1,
  apply(image, { background }) {
    return image.flatten({ background: { r: background.red, g: background.green, b: background.blue } });
  },
};

import type { SharpStep } from './step.ts';

/** Cuts a rectangle. */
export interface CropStep {
  readonly kind: 'crop';
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** After resizing on purpose: a cut before it switches shrink-on-load off. */
export const cropStep: SharpStep<CropStep> = {
  kind: 'crop',
  slot: 4,
  pipeline: 1,
  apply(image, { left, top, width, height }) {
    return image.extract({ left, top, width, height });
  },
};

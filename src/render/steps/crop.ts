import type { SharpStep } from './step.ts';

/** Cuts a rectangle, in pixels. */
export interface CropStep {
  readonly kind: 'crop';
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Comes after resizing, because a cut before it disables shrink-on-load. */
export const cropStep: SharpStep<CropStep> = {
  kind: 'crop',
  slot: 4,
  pipeline: 1,
  apply(image, { left, top, width, height }) {
    return image.extract({ left, top, width, height });
  },
};

import type { SharpStep } from './step.ts';

/** Cuts the part that draws the eye (`attention`) or holds the most detail (`entropy`). */
export interface SmartCropStep {
  readonly kind: 'smart-crop';
  readonly width: number;
  readonly height: number;
  readonly by: 'attention' | 'entropy';
}

/** The picture has been scaled before, so nothing may be reduced here; the strategy only chooses the place. */
export const smartCropStep: SharpStep<SmartCropStep> = {
  kind: 'smart-crop',
  slot: 2,
  pipeline: 1,
  apply(image, { width, height, by }) {
    return image.resize(width, height, { fit: 'cover', position: by, withoutReduction: true });
  },
};

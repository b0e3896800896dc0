import type { SharpStep } from './step.ts';

/** Cuts the most salient part (`attention`) or the most detailed part (`entropy`). */
export interface SmartCropStep {
  readonly kind: 'smart-crop';
  readonly width: number;
  readonly height: number;
  readonly by: 'attention' | 'entropy';
}

/** The image was scaled before, so nothing is reduced here; the strategy only chooses the place. */
export const smartCropStep: SharpStep<SmartCropStep> = {
  kind: 'smart-crop',
  slot: 2,
  pipeline: 1,
  apply(image, { width, height, by }) {
    return image.resize(width, height, { fit: 'cover', position: by, withoutReduction: true });
  },
};

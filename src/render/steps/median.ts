import type { SharpStep } from './step.ts';

/** Median filter; removes specks. */
export interface MedianStep {
  readonly kind: 'median';
  /** Side of the window in pixels, odd. */
  readonly side: number;
}

/** An identity kernel. It makes sharp use premultiplied alpha, which it does for convolutions but not for medians. */
const nothing = { width: 3, height: 3, kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] };

/** Each channel becomes the median of the `side` × `side` pixels around it, in premultiplied alpha. */
export const medianStep: SharpStep<MedianStep> = {
  kind: 'median',
  slot: 6,
  pipeline: 1,
  apply: (image, { side }) => image.median(side).convolve(nothing),
};

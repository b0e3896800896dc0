import type { SharpStep } from './step.ts';

/** Takes specks away. */
export interface MedianStep {
  readonly kind: 'median';
  /** Odd, in pixels. */
  readonly side: number;
}

/** Does nothing but make sharp work in premultiplied alpha, which it does for a convolution and not for a median. */
const nothing = { width: 3, height: 3, kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] };

/** Each channel becomes the median of the `side` × `side` pixels about it, in premultiplied alpha. */
export const medianStep: SharpStep<MedianStep> = {
  kind: 'median',
  slot: 6,
  pipeline: 1,
  apply: (image, { side }) => image.median(side).convolve(nothing),
};

import type { SharpStep } from './step.ts';

/** One channel of grey instead of three. */
export interface GreyStep {
  readonly kind: 'grey';
}

/** The same grey as of `grayscale`; an encoder that knows no grey writes three equal channels. */
export const greyStep: SharpStep<GreyStep> = {
  kind: 'grey',
  slot: 95,
  pipeline: 1,
  apply: (image) => image.toColourspace('b-w'),
};

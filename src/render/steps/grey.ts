import type { SharpStep } from './step.ts';

/** Reduces the image to one grey channel. */
export interface GreyStep {
  readonly kind: 'grey';
}

/** Gives the grey of `grayscale`. An encoder without grey support writes three equal channels. */
export const greyStep: SharpStep<GreyStep> = {
  kind: 'grey',
  slot: 95,
  pipeline: 1,
  apply: (image) => image.toColourspace('b-w'),
};

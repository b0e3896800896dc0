import type { PaintStep } from './step.ts';

/** Takes the pixels out of their file, and so away from its orientation, which some encoders would write again. */
export interface UntagStep {
  readonly kind: 'untag';
}

export const untagStep: PaintStep<UntagStep> = {
  kind: 'untag',
  pipeline: 1,
  paint: (picture) => picture,
};

import type { PaintStep } from './step.ts';

/** Detaches the pixels from their file, because some encoders would write its orientation again. */
export interface UntagStep {
  readonly kind: 'untag';
}

export const untagStep: PaintStep<UntagStep> = {
  kind: 'untag',
  pipeline: 1,
  paint: (picture) => picture,
};

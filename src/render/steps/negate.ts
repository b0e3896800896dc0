import { byTable } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Inverts colours. */
export interface NegateStep {
  readonly kind: 'negate';
}

/** `out = 255 − in`; alpha is kept. */
export const negateStep: PaintStep<NegateStep> = {
  kind: 'negate',
  pipeline: 1,
  paint: (picture) => byTable(picture, (value) => 255 - value),
};

import type { PaintKind } from './step.ts';

/** Takes the pixels out of their file, and so away from its orientation, which some encoders would write again. */
export interface Untag {
  readonly kind: 'untag';
}

export const untag: PaintKind<Untag> = {
  kind: 'untag',
  pipeline: 1,
  paint: (picture) => picture,
};

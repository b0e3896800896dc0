import { byTable } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Brightness change. */
export interface BrightnessStep {
  readonly kind: 'brightness';
  /** −100 (black) to 100 (white). */
  readonly by: number;
}

/** `out = in + 2.55 · by` for every channel, clamped to 0 and 255. */
export const brightnessStep: PaintStep<BrightnessStep> = {
  kind: 'brightness',
  pipeline: 1,
  paint: (picture, { by }) => byTable(picture, (value) => value + 2.55 * by),
};

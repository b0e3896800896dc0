import { byTable } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Lightens or darkens midtones. */
export interface GammaStep {
  readonly kind: 'gamma';
  /** −50 to 150. */
  readonly level: number;
}

/** `out = 255 · (in / 255) ^ (1 / (1 + level / 100))`: exponents from 2 (darker) to 0.4 (lighter). */
export const gammaStep: PaintStep<GammaStep> = {
  kind: 'gamma',
  pipeline: 1,
  paint: (picture, { level }) => byTable(picture, (value) => 255 * (value / 255) ** (1 / (1 + level / 100))),
};

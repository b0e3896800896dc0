import type { SharpenOptions } from 'sharp';
import type { SharpStep } from './step.ts';

/** Sharpens edges. */
export interface SharpenStep {
  readonly kind: 'sharpen';
  /** 1 to 2000. */
  readonly strength: number;
}

/** Options of libvips for a strength. */
export function sharpening(strength: number): SharpenOptions {
  return { sigma: 1, m1: strength / 100, m2: strength / 50, x1: 2, y2: 10, y3: 20 };
}

/**
 * Sharpens CIELAB lightness: `L′ = L + f(L − G(L))`, where G is a Gaussian of 1 px.
 * f has the slope strength / 100 up to 2 and strength / 50 beyond. It adds at most 10 and subtracts at most 20.
 * Strength 100 equals the defaults of libvips.
 */
export const sharpenStep: SharpStep<SharpenStep> = {
  kind: 'sharpen',
  slot: 9,
  pipeline: 1,
  apply: (image, { strength }) => image.sharpen(sharpening(strength)),
};

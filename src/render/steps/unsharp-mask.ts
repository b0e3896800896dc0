import type { SharpStep } from './step.ts';

/** Unsharp mask. */
export interface UnsharpMaskStep {
  readonly kind: 'unsharp-mask';
  /** 1 to 2000. */
  readonly percent: number;
}

/** Radius of the kernel: three standard deviations of one pixel. */
const reach = 3;
const side = 2 * reach + 1;
const bell = Array.from({ length: side }, (_, place) => Math.exp(-((place - reach) ** 2) / 2));
const sum = bell.reduce((total, weight) => total + weight, 0) ** 2;

/**
 * `out = in + (in − G(in)) · percent / 100` for every channel in premultiplied alpha, where G is a Gaussian of 1 px.
 */
export const unsharpMaskStep: SharpStep<UnsharpMaskStep> = {
  kind: 'unsharp-mask',
  slot: 8,
  pipeline: 1,
  apply(image, { percent }) {
    const gain = percent / 100;
    const kernel = bell.flatMap((down) => bell.map((across) => (-gain * down * across) / sum));
    const middle = reach * side + reach;
    return image.convolve({ width: side, height: side, kernel: kernel.with(middle, (kernel[middle] ?? 0) + 1 + gain) });
  },
};

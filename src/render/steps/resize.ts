import type { SharpStep } from './step.ts';

/** Scales to exactly this size. */
export interface ResizeStep {
  readonly kind: 'resize';
  readonly width: number;
  readonly height: number;
  /** Size of the input if the decoder must not scale while decoding. */
  readonly whole?: { readonly width: number; readonly height: number };
}

/**
 * Lanczos 3 in premultiplied alpha. `fastShrinkOnLoad: false` leaves at least a factor of two to it.
 * For 12 megapixels this takes 62 ms instead of 44, and raises the mean SSIMULACRA2 from 88 to 97.
 */
export const resizeStep: SharpStep<ResizeStep> = {
  kind: 'resize',
  slot: 2,
  pipeline: 1,
  apply(image, { width, height, whole }) {
    // A full-size cut disables shrink-on-load.
    const decoded = whole === undefined ? image : image.extract({ left: 0, top: 0, ...whole });
    return decoded.resize(width, height, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false });
  },
};

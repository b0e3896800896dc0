import type { PaintStep, RawPicture } from './step.ts';

/** Puts a canvas of the picture's own colours around it. */
export interface PadBlurredStep {
  readonly kind: 'pad-blurred';
  /** Where the picture lies on the canvas. */
  readonly left: number;
  readonly top: number;
  /** Of the canvas. */
  readonly width: number;
  readonly height: number;
}

/** Longest side the copy is blurred at: small, so that the largest canvas costs no more than the enlarging. */
const small = 64;

/** The middle of the picture, as much of it as has the canvas' shape. */
async function cover(picture: RawPicture, { width, height }: PadBlurredStep): Promise<RawPicture> {
  const { reopen, settleRaw: settle } = await import('./raw.ts');
  const ratio = Math.min(1, small / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round(length * ratio));
  const blurred = await settle(reopen(picture).resize(side(width), side(height), { fit: 'cover' }).blur(4));
  return settle(reopen(blurred).resize(width, height, { fit: 'fill', kernel: 'cubic' }));
}

/**
 * The canvas is a copy of the picture that covers it from the middle, reduced to 64 px on the longer side, blurred there by a
 * Gaussian of 4 px (6 % of the canvas) and enlarged; the picture lies over it.
 */
export const padBlurredStep: PaintStep<PadBlurredStep> = {
  kind: 'pad-blurred',
  pipeline: 1,
  async paint(picture, step) {
    const { reopen, settleRaw: settle } = await import('./raw.ts');
    const ground = await cover(picture, step);
    const { width, height, channels, pixels } = picture;
    const over = { input: Buffer.from(pixels), raw: { width, height, channels }, left: step.left, top: step.top };
    const laid = reopen(ground).composite([over]);
    return settle(ground.channels === 3 && channels === 3 ? laid.removeAlpha() : laid);
  },
};

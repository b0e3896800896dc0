import type { PaintStep, RawPicture } from './step.ts';

/** Extends the canvas with a blurred copy of the image. */
export interface PadBlurredStep {
  readonly kind: 'pad-blurred';
  /** Position of the image on the canvas. */
  readonly left: number;
  readonly top: number;
  /** Size of the canvas. */
  readonly width: number;
  readonly height: number;
}

/** Longer side at which the copy is blurred; small, so that large canvases cost only the enlarging. */
const small = 64;

/** The central part of the image with the ratio of the canvas, blurred. */
async function cover(picture: RawPicture, { width, height }: PadBlurredStep): Promise<RawPicture> {
  const { reopen, settleRaw: settle } = await import('./raw.ts');
  const ratio = Math.min(1, small / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round(length * ratio));
  const blurred = await settle(reopen(picture).resize(side(width), side(height), { fit: 'cover' }).blur(4));
  return settle(reopen(blurred).resize(width, height, { fit: 'fill', kernel: 'cubic' }));
}

/**
 * The background is a copy that covers the canvas, reduced to 64 px on the longer side, blurred by a Gaussian of 4 px
 * (6 % of the canvas) and enlarged.
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

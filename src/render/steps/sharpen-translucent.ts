import { sharpening } from './sharpen.ts';
import type { PaintStep, RawPicture } from './step.ts';

/** Sharpens an image that has transparent places. */
export interface SharpenTranslucentStep {
  readonly kind: 'sharpen-translucent';
  /** 1 to 2000. */
  readonly strength: number;
}

/**
 * Opaque colours of an image. Fully transparent pixels get those of their neighbours (a Gaussian of 2 px, weighted by
 * alpha).
 */
async function coloursOf(picture: RawPicture): Promise<RawPicture> {
  const { width, height, pixels: own } = picture;
  const { reopen } = await import('./raw.ts');
  const near = await reopen(picture).blur(2).raw().toBuffer();
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0, to = 0; at < own.length; at += 4, to += 3) {
    const from = own[at + 3] === 0 ? near : own;
    for (let band = 0; band < 3; band++) pixels[to + band] = from[at + band] ?? 0;
  }
  return { width, height, channels: 3, pixels };
}

/**
 * The formula of `sharpen` on colours that are not premultiplied; alpha is kept.
 * With premultiplied colours, an edge of alpha would get a dark fringe.
 */
export const sharpenTranslucentStep: PaintStep<SharpenTranslucentStep> = {
  kind: 'sharpen-translucent',
  pipeline: 1,
  async paint(picture, { strength }) {
    if (picture.channels === 3) return picture;
    const colours = await coloursOf(picture);
    const { reopen } = await import('./raw.ts');
    const sharp3 = await reopen(colours).sharpen(sharpening(strength)).raw().toBuffer();
    for (let at = 0, from = 0; at < picture.pixels.length; at += 4, from += 3) {
      for (let band = 0; band < 3; band++) picture.pixels[at + band] = sharp3[from + band] ?? 0;
    }
    return picture;
  },
};

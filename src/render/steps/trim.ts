import { reopen } from '../pixels.ts';
import type { PaintKind } from './step.ts';

/** Cuts off an edge of one colour; how much, only the pixels tell, so a plan ends here and the rest is planned afterwards. */
export interface Trim {
  readonly kind: 'trim';
  /** 0 to 100 of 255. */
  readonly tolerance: number;
}

/**
 * What is left is the smallest rectangle that holds every pixel which, after a median of 3 × 3 against specks, differs from the
 * top left one by more than the tolerance in any channel, or in alpha. A picture of one colour, or of less than 3 pixels a
 * side, stays as it is.
 */
export const trim: PaintKind<Trim> = {
  kind: 'trim',
  pipeline: 1,
  async paint(picture, { tolerance }) {
    if (picture.width < 3 || picture.height < 3) return picture;
    const { data, info } = await reopen(picture)
      .trim({ threshold: tolerance })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const cut = { left: Math.abs(info.trimOffsetLeft ?? 0), top: Math.abs(info.trimOffsetTop ?? 0) };
    return { pixels: data, width: info.width, height: info.height, channels: picture.channels, cut };
  },
};

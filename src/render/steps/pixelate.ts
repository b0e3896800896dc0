import { alphaAt } from './pixels.ts';
import type { PaintStep, RawPicture } from './step.ts';

/** Pixelates into squares of `side` pixels. */
export interface PixelateStep {
  readonly kind: 'pixelate';
  readonly side: number;
}

interface Square {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function eachPixel(picture: RawPicture, { left, top, right, bottom }: Square, visit: (at: number) => void): void {
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) visit((y * picture.width + x) * picture.channels);
  }
}

function even(picture: RawPicture, square: Square): void {
  const { pixels, channels } = picture;
  let [red, green, blue, seen, count] = [0, 0, 0, 0, 0];
  eachPixel(picture, square, (at) => {
    const alpha = alphaAt(picture, at);
    red += (pixels[at] ?? 0) * alpha;
    green += (pixels[at + 1] ?? 0) * alpha;
    blue += (pixels[at + 2] ?? 0) * alpha;
    seen += alpha;
    count += 1;
  });
  const mean = seen === 0 ? [0, 0, 0, 0] : [red / seen, green / seen, blue / seen, seen / count];
  const colour = mean.map(Math.round).slice(0, channels);
  eachPixel(picture, square, (at) => pixels.set(colour, at));
}

/** Squares start at the top left and are cut at the right and bottom. Each gets its mean colour, weighted by alpha. */
export const pixelateStep: PaintStep<PixelateStep> = {
  kind: 'pixelate',
  pipeline: 1,
  paint(picture, { side }) {
    const { width, height } = picture;
    for (let top = 0; top < height; top += side) {
      for (let left = 0; left < width; left += side) {
        even(picture, { left, top, right: Math.min(width, left + side), bottom: Math.min(height, top + side) });
      }
    }
    return picture;
  },
};

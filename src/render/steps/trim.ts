import type { PaintStep, RawPicture } from './step.ts';

/**
 * Cuts off a border of one colour. The size depends on the pixels, so a plan ends here and the rest is planned
 * afterwards.
 */
export interface TrimStep {
  readonly kind: 'trim';
  /** 0 to 100 of 255. */
  readonly tolerance: number;
}

/** Offset of a pixel. Positions outside give the nearest edge pixel. */
function placeOf({ width, height, channels }: RawPicture, x: number, y: number): number {
  const [within, below] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
  return (below * width + within) * channels;
}

/** Whether a pixel differs from the top left one. Fully transparent pixels are equal. */
function differs({ pixels, channels }: RawPicture, at: number, tolerance: number): boolean {
  const [alpha, edge] = channels === 4 ? [pixels[at + 3] ?? 0, pixels[3] ?? 0] : [255, 255];
  if (Math.abs(alpha - edge) > tolerance) return true;
  for (let band = 0; band < 3; band++) {
    const seen = (pixels[at + band] ?? 0) * alpha - (pixels[band] ?? 0) * edge;
    if (Math.abs(seen) > tolerance * 255) return true;
  }
  return false;
}

/**
 * Whether a pixel belongs to the content. At least two of its eight neighbours must differ too, so that specks are
 * ignored.
 */
function counts(picture: RawPicture, x: number, y: number, tolerance: number): boolean {
  if (!differs(picture, placeOf(picture, x, y), tolerance)) return false;
  let near = -1;
  for (let down = -1; down <= 1; down++) {
    for (let across = -1; across <= 1; across++) {
      if (differs(picture, placeOf(picture, x + across, y + down), tolerance)) near += 1;
    }
  }
  return near >= 2;
}

interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** First index for which a condition holds; `count` if it never does. */
function firstOf(count: number, holds: (index: number) => boolean): number {
  for (let index = 0; index < count; index++) if (holds(index)) return index;
  return count;
}

/** Edges of the content, searched from outside inwards, which is fast for narrow borders; null without content. */
function edgesOf(picture: RawPicture, tolerance: number): Edges | null {
  const { width, height } = picture;
  const inRow = (y: number) => firstOf(width, (x) => counts(picture, x, y, tolerance)) < width;
  const top = firstOf(height, inRow);
  if (top === height) return null;
  const bottom = height - firstOf(height, (index) => inRow(height - 1 - index));
  const inColumn = (x: number) =>
    firstOf(bottom - top, (index) => counts(picture, x, top + index, tolerance)) < bottom - top;
  return {
    top,
    bottom,
    left: firstOf(width, inColumn),
    right: width - firstOf(width, (index) => inColumn(width - 1 - index)),
  };
}

function cutOut({ pixels, width, channels }: RawPicture, { left, top, right, bottom }: Edges): RawPicture {
  const length = (right - left) * channels;
  const kept = new Uint8Array(length * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const from = (y * width + left) * channels;
    kept.set(pixels.subarray(from, from + length), (y - top) * length);
  }
  return { pixels: kept, width: right - left, height: bottom - top, channels, cut: { left, top } };
}

/**
 * Keeps the smallest rectangle with all content. A pixel is content if it and at least two of its eight neighbours
 * differ from the top left pixel by more than the tolerance, in alpha or in any channel (weighted by alpha). An image
 * of one colour is unchanged.
 */
export const trimStep: PaintStep<TrimStep> = {
  kind: 'trim',
  pipeline: 1,
  paint(picture, { tolerance }) {
    const edges = edgesOf(picture, tolerance);
    return edges === null ? picture : cutOut(picture, edges);
  },
};

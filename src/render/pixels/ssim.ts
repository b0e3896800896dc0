/** Luma of an image, one value per pixel, row by row. */
export interface Luma {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Side of the compared windows, and the distance between them, in pixels. */
const side = 8;
const stride = 4;
/** Constants of Wang, Bovik, Sheikh, Simoncelli 2004: (0.01 · 255)² and (0.03 · 255)². */
const c1 = 6.5025;
const c2 = 58.5225;

interface Raw {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Luma by BT.601, over white where the image is transparent. */
export function lumaOf({ pixels, width, height, channels }: Raw): Luma {
  const values = new Float32Array(width * height);
  for (let at = 0, from = 0; at < values.length; at++, from += channels) {
    const [red = 0, green = 0, blue = 0] = [pixels[from], pixels[from + 1], pixels[from + 2]];
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    const alpha = channels === 4 ? (pixels[from + 3] ?? 255) / 255 : 1;
    values[at] = luma * alpha + 255 * (1 - alpha);
  }
  return { values, width, height };
}

/** Mean structural similarity of two images of equal size; 1 means identical. Returns 1 for sides below 8 pixels. */
export function ssim(one: Luma, other: Luma): number {
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + side <= one.height; top += stride) {
    for (let left = 0; left + side <= one.width; left += stride) {
      sum += likenessAt(one, other, top * one.width + left);
      windows += 1;
    }
  }
  return windows === 0 ? 1 : sum / windows;
}

function likenessAt(one: Luma, other: Luma, corner: number): number {
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = corner + row * one.width + column;
      const x = one.values[at] ?? 0;
      const y = other.values[at] ?? 0;
      a += x;
      b += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
  }
  const count = side * side;
  const [meanA, meanB] = [a / count, b / count];
  const [varianceA, varianceB] = [aa / count - meanA * meanA, bb / count - meanB * meanB];
  const covariance = ab / count - meanA * meanB;
  const luminance = (2 * meanA * meanB + c1) / (meanA * meanA + meanB * meanB + c1);
  return luminance * ((2 * covariance + c2) / (varianceA + varianceB + c2));
}

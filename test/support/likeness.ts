import sharp from 'sharp';
import { deltaE, labOf } from './colour.ts';

/** Pixels without a file around them: red, green, blue, alpha, not premultiplied. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * How alike two pictures are. Two numbers, since either hides what the other shows: a hue turn leaves the structure as it
 * was, a shift of fine detail leaves the colours.
 */
export interface Likeness {
  /** Mean SSIM of luma, 1 for equal pictures. Wang et al. 2004: Gaussian window of σ 1.5, K 0.01 and 0.03. */
  readonly structure: number;
  /** CIEDE2000 between the average colours of the worst block of 16 × 16 pixels, 0 for equal pictures. */
  readonly colour: number;
}

/** Bounds for a likeness: at least so much structure, at most so much difference of colour. */
export type Tolerance = Likeness;

/**
 * What a lossy codec at its everyday quality may do to a picture: measured on the scene and on the sample at 600 pixels,
 * JPEG 80, WebP 80 and AVIF 50 stay above 0.93 and below 3; a hue turned by 12° gives 6, a blur of σ 1.5 a structure of
 * 0.87 to 0.949. Fine texture costs structure, so a test of its own picture may ask for more.
 */
export const codecTolerance: Tolerance = { structure: 0.93, colour: 4 };

/**
 * Compares two encoded pictures or raw ones, as an eye would see them: in sRGB, and where either has alpha on black and on
 * white, the worse of both. The first frame only, never turned upright. Different sizes are an error, not a low number.
 */
export async function likeness(one: Uint8Array | RawPicture, other: Uint8Array | RawPicture): Promise<Likeness> {
  const [left, right] = await Promise.all([unpack(one), unpack(other)]);
  if (left.width !== right.width || left.height !== right.height) {
    throw new RangeError(`Expected two pictures of one size but received ${sizeOf(left)} and ${sizeOf(right)}`);
  }
  const backgrounds = isOpaque(left) && isOpaque(right) ? [0] : [0, 255];
  const seen = backgrounds.map((grey) => [lay(left, grey), lay(right, grey)] as const);
  return {
    structure: Math.min(...seen.map(([a, b]) => meanSsim(lumaOf(a), lumaOf(b), left.width))),
    colour: Math.max(...seen.map(([a, b]) => worstBlock(a, b, left))),
  };
}

/** Mean CIEDE2000 over all pixels, on black: the number for colour profiles, where no single block is to blame. */
export async function meanColourDifference(
  one: Uint8Array | RawPicture,
  other: Uint8Array | RawPicture,
): Promise<number> {
  const [left, right] = await Promise.all([unpack(one), unpack(other)]);
  if (left.width !== right.width || left.height !== right.height) {
    throw new RangeError(`Expected two pictures of one size but received ${sizeOf(left)} and ${sizeOf(right)}`);
  }
  const [a, b] = [lay(left, 0), lay(right, 0)];
  let sum = 0;
  for (let at = 0; at < a.length; at += 3) sum += deltaE(labOf(...rgbAt(a, at)), labOf(...rgbAt(b, at)));
  return (sum * 3) / a.length;
}

/** Decodes to 8-bit sRGB with alpha; an embedded profile is applied, as a browser would. */
export async function unpack(picture: Uint8Array | RawPicture): Promise<RawPicture> {
  if (!(picture instanceof Uint8Array)) return picture;
  const { data, info } = await sharp(picture)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

function sizeOf(picture: RawPicture): string {
  return `${picture.width}×${picture.height}`;
}

function isOpaque(picture: RawPicture): boolean {
  for (let at = 3; at < picture.pixels.length; at += 4) if (picture.pixels[at] !== 255) return false;
  return true;
}

/** Red, green, blue as they look on a grey. */
function lay({ pixels }: RawPicture, grey: number): Uint8Array {
  const laid = new Uint8Array((pixels.length / 4) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    const alpha = (pixels[from + 3] ?? 255) / 255;
    for (let band = 0; band < 3; band++) {
      laid[to + band] = Math.round((pixels[from + band] ?? 0) * alpha + grey * (1 - alpha));
    }
  }
  return laid;
}

function rgbAt(rgb: Uint8Array, at: number): readonly [number, number, number] {
  return [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
}

function lumaOf(rgb: Uint8Array): Float64Array {
  return Float64Array.from({ length: rgb.length / 3 }, (_, index) => {
    const [red, green, blue] = rgbAt(rgb, index * 3);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
}

const reach = 5;
const bell = Array.from({ length: 2 * reach + 1 }, (_, index) => Math.exp(-((index - reach) ** 2) / (2 * 1.5 ** 2)));
const bellSum = bell.reduce((sum, weight) => sum + weight, 0);

/** One pass of the window along lines that are `stride` apart; beyond an end the last pixel repeats. */
function smoothLines(values: Float64Array, length: number, stride: number): Float64Array {
  const smooth = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const place = Math.floor(at / stride) % length;
    let sum = 0;
    for (let tap = -reach; tap <= reach; tap++) {
      const near = Math.min(length - 1, Math.max(0, place + tap));
      sum += (bell[tap + reach] ?? 0) * (values[at + (near - place) * stride] ?? 0);
    }
    smooth[at] = sum / bellSum;
  }
  return smooth;
}

function smoothed(values: Float64Array, width: number): Float64Array {
  return smoothLines(smoothLines(values, width, 1), values.length / width, width);
}

function meanSsim(one: Float64Array, other: Float64Array, width: number): number {
  const mean1 = smoothed(one, width);
  const mean2 = smoothed(other, width);
  const square1 = smoothed(
    one.map((value) => value * value),
    width,
  );
  const square2 = smoothed(
    other.map((value) => value * value),
    width,
  );
  const product = smoothed(
    one.map((value, at) => value * (other[at] ?? 0)),
    width,
  );
  const [steady, flat] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  let sum = 0;
  for (let at = 0; at < one.length; at++) {
    const [m1, m2] = [mean1[at] ?? 0, mean2[at] ?? 0];
    const [m11, m22, m12] = [m1 * m1, m2 * m2, m1 * m2];
    const likeMeans = (2 * m12 + steady) / (m11 + m22 + steady);
    const spread = (square1[at] ?? 0) - m11 + (square2[at] ?? 0) - m22;
    sum += (likeMeans * (2 * ((product[at] ?? 0) - m12) + flat)) / (spread + flat);
  }
  return sum / one.length;
}

/** Where blocks begin and end: as near to 16 pixels as divides the side, so that no sliver at an edge counts alone. */
function cuts(side: number): readonly (readonly [number, number])[] {
  const count = Math.max(1, Math.floor(side / 16));
  return Array.from({ length: count }, (_, index) => [
    Math.round((index * side) / count),
    Math.round(((index + 1) * side) / count),
  ]);
}

type Block = readonly [left: number, right: number, top: number, bottom: number];

function averageOf(
  rgb: Uint8Array,
  width: number,
  [left, right, top, bottom]: Block,
): readonly [number, number, number] {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const pixel = rgbAt(rgb, (y * width + x) * 3);
      red += pixel[0];
      green += pixel[1];
      blue += pixel[2];
    }
  }
  const count = (right - left) * (bottom - top);
  return [red / count, green / count, blue / count];
}

function worstBlock(one: Uint8Array, other: Uint8Array, { width, height }: RawPicture): number {
  let worst = 0;
  for (const [top, bottom] of cuts(height)) {
    for (const [left, right] of cuts(width)) {
      const block: Block = [left, right, top, bottom];
      const difference = deltaE(labOf(...averageOf(one, width, block)), labOf(...averageOf(other, width, block)));
      worst = Math.max(worst, difference);
    }
  }
  return worst;
}

import { type Gif, gifOf } from '../../fixtures/draw/bytes/gif.ts';
import { type Canvas, getPixel } from '../../fixtures/draw/canvas.ts';
import { drawScene } from '../../fixtures/draw/scene.ts';

/** Animations too large to commit: long ones, and ones with too many frames. */

export interface AnimationOptions {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Milliseconds a frame, in tens; default 40. */
  readonly delay?: number;
  /** How often it is shown; 0, the default, is for ever. */
  readonly plays?: number;
}

const cube = Array.from({ length: 256 }, (_, index): readonly [number, number, number] => {
  const level = (place: number): number => (Math.floor(index / 6 ** place) % 6) * 51;
  return index < 216 ? [level(2), level(1), level(0)] : [0, 0, 0];
});

/** Bayer's order, 0 to 15: an animation made of photos is dithered, and dither is what makes frames heavy. */
const order = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5] as const;

function cubeIndices(canvas: Canvas): Uint8Array {
  const indices = new Uint8Array(canvas.width * canvas.height);
  for (let at = 0; at < indices.length; at++) {
    const [x, y] = [at % canvas.width, Math.floor(at / canvas.width)];
    const threshold = ((order[(y % 4) * 4 + (x % 4)] ?? 0) + 0.5) / 16;
    const [red, green, blue] = getPixel(canvas, x, y).map((value) => Math.min(5, Math.floor(value * 5 + threshold)));
    indices[at] = (red ?? 0) * 36 + (green ?? 0) * 6 + (blue ?? 0);
  }
  return indices;
}

/** A GIF that pans over the scene from left to right, every pixel changing in every frame, for ever or as often as it is said. */
export function drawAnimation({ width, height, frames, delay = 40, plays = 0 }: AnimationOptions): Buffer {
  const wide = { width: width * 2, height };
  const indices = cubeIndices(drawScene(wide.width, wide.height));
  const view = (number: number): Uint8Array => {
    const left = Math.round((number / frames) * width);
    const seen = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      seen.set(indices.subarray(y * wide.width + left, y * wide.width + left + width), y * width);
    }
    return seen;
  };
  const numbers = Array.from({ length: frames }, (_, number) => number);
  return gifOf({
    width,
    height,
    palette: cube,
    transparent: null,
    plays,
    frames: numbers.map((number) => ({
      left: 0,
      top: 0,
      width,
      height,
      delay: delay / 10,
      disposal: 1,
      indices: view(number),
    })),
  });
}

/** A GIF of very many frames of one pixel: few pixels in all, and long to decode. 10 000 frames weigh about 230 kB. */
export function manyFrames(frames = 10_000): Buffer {
  const frame = { left: 0, top: 0, width: 1, height: 1, delay: 10, disposal: 1 } as const;
  const gif: Gif = {
    width: 1,
    height: 1,
    palette: [
      [20, 20, 20],
      [235, 235, 235],
    ],
    transparent: null,
    plays: 0,
    frames: Array.from({ length: frames }, (_, number) => ({ ...frame, indices: Uint8Array.of(number % 2) })),
  };
  return gifOf(gif);
}

import { alphaAt, byteOf, lightnessAt } from './pixels.ts';
import type { PaintStep, RawPicture } from './step.ts';

/** Contrast-limited adaptive histogram equalization (CLAHE) over a grid of tiles. */
export interface ClaheStep {
  readonly kind: 'clahe';
  readonly across: number;
  readonly down: number;
}

/** Maximum slope of a tile's map, so that noise in a flat tile is not amplified. */
const steepest = 3;

/** The tiles' lightness maps, 256 entries each, one after another. */
function mapsOf(picture: RawPicture, across: number, down: number): Float32Array {
  const counts = new Float64Array(across * down * 256);
  const { width, height, channels, pixels } = picture;
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * down) / height) * across;
    for (let x = 0; x < width; x++, at += channels) {
      const place = (row + Math.floor((x * across) / width)) * 256 + lightnessAt(pixels, at);
      counts[place] = (counts[place] ?? 0) + alphaAt(picture, at);
    }
  }
  const maps = new Float32Array(counts.length);
  for (let tile = 0; tile < maps.length; tile += 256) fillMap(counts.subarray(tile, tile + 256), maps, tile);
  return maps;
}

/** Builds a tile's map: counts above the limit are spread over all 256 levels, then summed up. */
function fillMap(counts: Float64Array, maps: Float32Array, tile: number): void {
  const sum = counts.reduce((total, count) => total + count, 0);
  const most = (sum * steepest) / 256;
  const excess = counts.reduce((total, count) => total + Math.max(0, count - most), 0);
  let below = 0;
  for (let level = 0; level < 256; level++) {
    below += Math.min(most, counts[level] ?? 0) + excess / 256;
    maps[tile + level] = sum === 0 ? level : (255 * below) / sum;
  }
}

/** For each position along a side: the two tiles to interpolate between, and the weight of the second. */
interface Stretches {
  readonly one: Uint8Array;
  readonly other: Uint8Array;
  readonly share: Float32Array;
}

function stretches(length: number, tiles: number): Stretches {
  const at = (place: number) => ((place + 0.5) * tiles) / length - 0.5;
  const within = (tile: number) => Math.min(tiles - 1, Math.max(0, tile));
  return {
    one: Uint8Array.from({ length }, (_, place) => within(Math.floor(at(place)))),
    other: Uint8Array.from({ length }, (_, place) => within(Math.floor(at(place)) + 1)),
    share: Float32Array.from({ length }, (_, place) => at(place) - Math.floor(at(place))),
  };
}

/**
 * Lightness `L` becomes `L′`, interpolated bilinearly between the maps of the four nearest tiles. `out = in + L′ − L`
 * for every channel, which keeps hues. A tile's map is 255 times its cumulative histogram. Counts above 3/256 of the
 * tile are cut and spread over all levels. Pixels are weighted by alpha.
 */
export const claheStep: PaintStep<ClaheStep> = {
  kind: 'clahe',
  pipeline: 1,
  paint(picture, step) {
    const { width, height, channels, pixels } = picture;
    const across = Math.min(step.across, width);
    const down = Math.min(step.down, height);
    const maps = mapsOf(picture, across, down);
    const columns = stretches(width, across);
    const rows = stretches(height, down);
    for (let y = 0, at = 0; y < height; y++) {
      const [top, bottom] = [(rows.one[y] ?? 0) * across, (rows.other[y] ?? 0) * across];
      const low = rows.share[y] ?? 0;
      for (let x = 0; x < width; x++, at += channels) {
        const lightness = lightnessAt(pixels, at);
        const [left, right] = [(columns.one[x] ?? 0) * 256 + lightness, (columns.other[x] ?? 0) * 256 + lightness];
        const far = columns.share[x] ?? 0;
        const above = (maps[top * 256 + left] ?? 0) * (1 - far) + (maps[top * 256 + right] ?? 0) * far;
        const beneath = (maps[bottom * 256 + left] ?? 0) * (1 - far) + (maps[bottom * 256 + right] ?? 0) * far;
        const change = above * (1 - low) + beneath * low - lightness;
        pixels[at] = byteOf((pixels[at] ?? 0) + change);
        pixels[at + 1] = byteOf((pixels[at + 1] ?? 0) + change);
        pixels[at + 2] = byteOf((pixels[at + 2] ?? 0) + change);
      }
    }
    return picture;
  },
};

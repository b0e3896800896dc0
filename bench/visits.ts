import type { FormatName } from '../src/formats/format.ts';

/** What visitors of a page ask for: photos by popularity, widths by device, formats by browser. The same in every run. */
export interface Visit {
  /** Index of the photo. */
  readonly photo: number;
  readonly width: number;
  readonly accept: string;
  /** What an edge that sorts browsers into buckets would ask for. */
  readonly format: FormatName;
}

/** Of a `srcset` for phones, tablets and desks. */
export const pageWidths = [160, 240, 320, 480, 640, 960, 1280, 1600] as const;

/** Accept of `<img>` in current browsers, with a share of visits. */
const browsers: readonly (readonly [share: number, accept: string, format: FormatName])[] = [
  [0.62, 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'webp'],
  [
    0.22,
    'image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5',
    'webp',
  ],
  [0.05, 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5', 'webp'],
  [0.11, '*/*', 'jpg'],
];

/** Zipf with exponent 1 among photos; a linear congruential generator, so that both sides get the very same visits. */
export function visits(count: number, photos: number): readonly Visit[] {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const weights = Array.from({ length: photos }, (_, rank) => 1 / (rank + 1));
  return Array.from({ length: count }, () => {
    const photo = pick(weights, random());
    const width = pageWidths[Math.floor(random() * pageWidths.length)] ?? pageWidths[0];
    const [, accept, format] = browsers[
      pick(
        browsers.map(([share]) => share),
        random(),
      )
    ] ?? [0, '*/*', 'jpg'];
    return { photo, width, accept, format };
  });
}

/** Index of the weight in which a share of the sum falls. */
function pick(weights: readonly number[], share: number): number {
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return Math.max(0, index);
}

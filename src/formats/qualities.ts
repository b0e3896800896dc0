/** What the qualities below were measured on. `npm run bench:qualities -- DIR` generates this file; do not edit it. */
export const measured = '31 photos in boxes of 400 to 1400 pixels, sharp 0.35.5, libvips 8.18.7';

/** Qualities at which photos look equally good in each format. */
export const qualities = {
  jpg: { best: 90, good: 80, eco: 70, low: 55 },
  webp: { best: 96, good: 83, eco: 75, low: 58 },
  avif: { best: 89, good: 67, eco: 61, low: 55 },
} as const;

/** Added to AVIF's qualities above 0.3 and 0.5 megapixels, where effort is lower. */
export const avifMore = { middle: 4, large: 3 } as const;

/** Structural similarity (SSIM of luma) that photos reach at each level. The quality search of `q_auto` aims for it. */
export const likeness = { best: 0.986, good: 0.973, eco: 0.958, low: 0.949 } as const;

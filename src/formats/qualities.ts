/** Written by `npm run bench:qualities -- DIR`, which says how it was found; change that, not this. */
export const measured = '31 photos in boxes of 400 to 1400 pixels, sharp 0.35.5, libvips 8.18.7';

/** Qualities at which photos look as good in one format as in another. */
export const qualities = {
  jpg: { best: 90, good: 80, eco: 70, low: 55 },
  webp: { best: 96, good: 83, eco: 75, low: 58 },
  avif: { best: 89, good: 67, eco: 61, low: 55 },
} as const;

/** What AVIF's take on top above 0.3 and 0.5 megapixels, where less effort is spent. */
export const avifMore = { middle: 4, large: 3 } as const;

/** Structural similarity of luma that photos have at each level, which `q_auto` seeks for a single one. */
export const likeness = { best: 0.986, good: 0.973, eco: 0.958, low: 0.949 } as const;

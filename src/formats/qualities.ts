/** Written by `npm run bench:qualities -- DIR`, which says how it was found; change that, not this. */
export const measured = 'by hand on up to 31 photos at 600 to 1400 pixels, sharp 0.35.5; no whole run of the bench yet';

/** Qualities at which photos look as good in one format as in another. */
export const qualities = {
  jpg: { best: 90, good: 80, eco: 70, low: 55 },
  webp: { best: 92, good: 84, eco: 74, low: 58 },
  avif: { best: 80, good: 67, eco: 57, low: 44 },
} as const;

/** What AVIF's take on top above 0.3 and 0.5 megapixels, where less effort is spent. */
export const avifMore = { middle: 2, large: 3 } as const;

/** Structural similarity of luma that photos have at each level, which `q_auto` seeks for a single one. */
export const likeness = { best: 0.985, good: 0.97, eco: 0.955, low: 0.93 } as const;

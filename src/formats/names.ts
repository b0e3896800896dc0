export type FormatName = 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

/** Names of perceived quality; each format says which number that is for its encoder. */
export const qualityLevels = ['best', 'good', 'eco', 'low'] as const;
export type QualityLevel = (typeof qualityLevels)[number];

export const formatNames = ['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;
export type FormatName = (typeof formatNames)[number];

/** Names of perceived quality; each format says which number that is for its encoder. */
export const qualityLevels = ['best', 'good', 'eco', 'low'] as const;
export type QualityLevel = (typeof qualityLevels)[number];

export const formatNames = ['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;
export type FormatName = (typeof formatNames)[number];

/** Levels of perceived quality. Each format maps them to a quality of its encoder. */
export const qualityLevels = ['best', 'good', 'eco', 'low'] as const;
export type QualityLevel = (typeof qualityLevels)[number];

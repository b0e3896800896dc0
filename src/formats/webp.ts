import { type Format, qualityOf } from './format.ts';

const levels = { best: 92, good: 84, eco: 74, low: 58 } as const;

export const webp: Format = {
  name: 'webp',
  mediaType: 'image/webp',
  extensions: ['webp'],
  alpha: true,
  animation: true,
  exif: true,
  tagsOrientation: false,
  maxSide: 16383,
  quality: '1–100 (84); `fl_lossless` keeps every pixel',
  pipeline: 1,
  encode: (wish) =>
    wish.loss === 'lossless'
      ? { encoder: 'webp', options: { lossless: true, effort: 4 } }
      : { encoder: 'webp', options: { quality: qualityOf(wish, levels), effort: 4 } },
};

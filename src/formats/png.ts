import { densityOf, type Format, qualityOf } from './format.ts';

const levels = { best: 95, good: 80, eco: 65, low: 45 } as const;

/** Lossless unless loss is asked for by name: a quality alone would silently quantise to a palette. */
export const png: Format = {
  name: 'png',
  mediaType: 'image/png',
  extensions: ['png'],
  alpha: true,
  animation: false,
  exif: true,
  tagsOrientation: false,
  maxSide: 65535,
  qualities: null,
  quality: 'lossless, `q` has no effect; with `fl_lossy` a palette of 1–100 (80)',
  // 2: filters of rows where they save bytes.
  pipeline: 2,
  // 2: colours of more than 8 bits with a profile were taken for sRGB while they were Display P3.
  decoderPipeline: 2,
  encode(request) {
    const progressive = request.progressive === true ? { progressive: true } : {};
    const palette = {
      palette: true,
      quality: qualityOf(request, levels),
      compressionLevel: 6,
      adaptiveFiltering: false,
    };
    // The pixels of a lossless PNG decide about its filters and its level.
    const options = request.loss === 'lossy' ? { ...palette, ...progressive } : progressive;
    return { encoder: 'png', options, ...densityOf(request) };
  },
};

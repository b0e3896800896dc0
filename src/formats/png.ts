import { densityOf, type Format, qualityOf } from './format.ts';

const levels = { best: 95, good: 80, eco: 65, low: 45 } as const;

/** PNG. Lossless unless `fl_lossy` is requested, since `q` alone must not silently quantise to a palette. */
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
  // 2: row filters, where they save bytes.
  pipeline: 2,
  // 2: wide-gamut colours (Display P3) of more than 8 bits were read as sRGB.
  decoderPipeline: 2,
  encode(request) {
    const progressive = request.progressive === true ? { progressive: true } : {};
    const palette = {
      palette: true,
      quality: qualityOf(request, levels),
      compressionLevel: 6,
      adaptiveFiltering: false,
    };
    // Filters and compression level of a lossless PNG are chosen from its pixels at render time.
    const options = request.loss === 'lossy' ? { ...palette, ...progressive } : progressive;
    return { encoder: 'png', options, ...densityOf(request) };
  },
};

import type { Format } from './format.ts';

/** TIFF. libvips writes no EXIF into it. */
export const tiff: Format = {
  name: 'tiff',
  mediaType: 'image/tiff',
  extensions: ['tiff', 'tif'],
  alpha: true,
  animation: false,
  exif: false,
  tagsOrientation: true,
  maxSide: 65535,
  qualities: null,
  quality: 'lossless, `q` has no effect',
  pipeline: 1,
  // 2: wide-gamut colours (Display P3) of more than 8 bits were read as sRGB.
  decoderPipeline: 2,
  encode({ density }) {
    const lossless = { compression: 'lzw', predictor: 'horizontal' } as const;
    if (density === undefined) return { encoder: 'tiff', options: lossless };
    const perMillimetre = density / 25.4;
    return {
      encoder: 'tiff',
      options: { ...lossless, xres: perMillimetre, yres: perMillimetre, resolutionUnit: 'inch' },
    };
  },
};

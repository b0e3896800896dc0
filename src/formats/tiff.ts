import type { Format } from './format.ts';

export const tiff: Format = {
  name: 'tiff',
  mediaType: 'image/tiff',
  extensions: ['tiff', 'tif'],
  alpha: true,
  animation: false,
  maxSide: 65535,
  quality: 'lossless, `q` has no effect',
  pipeline: 1,
  encode: () => ({ encoder: 'tiff', options: { compression: 'lzw', predictor: 'horizontal' } }),
};

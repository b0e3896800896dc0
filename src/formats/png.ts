import type { Format } from './format.ts';

/** Always lossless: a quality would silently quantise to a palette. */
export const png: Format = {
  name: 'png',
  mediaType: 'image/png',
  extensions: ['png'],
  alpha: true,
  animation: false,
  maxSide: 65535,
  quality: 'lossless, `q` has no effect',
  pipeline: 1,
  encode: () => ({ encoder: 'png', options: { compressionLevel: 6, adaptiveFiltering: false } }),
};

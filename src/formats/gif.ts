import type { Format } from './format.ts';

export const gif: Format = {
  name: 'gif',
  mediaType: 'image/gif',
  extensions: ['gif'],
  alpha: true,
  animation: true,
  exif: false,
  tagsOrientation: false,
  maxSide: 65535,
  quality: 'a palette of 256 colours, `q` has no effect',
  pipeline: 1,
  encode: () => ({ encoder: 'gif', options: { effort: 3 } }),
};

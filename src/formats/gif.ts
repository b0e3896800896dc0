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
  qualities: null,
  quality: 'a palette of 256 colours, `q` has no effect',
  pipeline: 2,
  /**
   * 250 dithered frames of 320 × 213 take 15 s at effort 3, 11 s at 1, and 6.8 s at 1 where no palette is tried a second
   * time, always to the same bytes; 5 and 7 save 10 % and 17 % in 31 s and 45 s. A still takes no palette of its original
   * either: it would be another one where several formats are made from one decode.
   */
  encode: ({ frames }) => ({ encoder: 'gif', options: { effort: frames === 1 ? 3 : 1, reuse: false } }),
};

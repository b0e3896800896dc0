import { type EncodingWish, type Format, qualityOf } from './format.ts';

const levels = { best: 80, good: 67, eco: 57, low: 44 } as const;

/**
 * Effort falls with size, since encoding time grows with both: at 600 px effort 2 takes 112 ms, 1 takes 70 and 0 takes
 * 20, and even 0 stays below WebP's bytes (measured with sharp 0.35.5 at the score of JPEG quality 80).
 */
function effortFor(wish: EncodingWish): number {
  if (wish.pixels <= 500_000) return 2;
  return wish.pixels <= 2_000_000 ? 1 : 0;
}

export const avif: Format = {
  name: 'avif',
  mediaType: 'image/avif',
  extensions: ['avif'],
  alpha: true,
  animation: false,
  exif: true,
  tagsOrientation: true,
  maxSide: 16384,
  quality: '1–100 (67); 4:4:4 from 90; `fl_lossless` keeps every pixel',
  pipeline: 1,
  encode(wish) {
    if (wish.loss === 'lossless') {
      return { encoder: 'avif', options: { lossless: true, effort: effortFor(wish), chromaSubsampling: '4:4:4' } };
    }
    const quality = qualityOf(wish, levels);
    const chroma = wish.chroma ?? (quality >= 90 ? '444' : '420');
    const chromaSubsampling = chroma === '444' ? '4:4:4' : '4:2:0';
    return { encoder: 'avif', options: { quality, effort: effortFor(wish), chromaSubsampling } };
  },
};

import { type EncodingWish, type Format, qualityOf } from './format.ts';

const levels = { best: 80, good: 67, eco: 57, low: 44 } as const;

/**
 * Effort falls with size, since encoding time grows with both. On 31 photos at 600 px, against JPEG quality 80: effort 0
 * has 0.78 of its bytes in half of WebP's time, 1 has 0.72 in twice that, 2 has 0.70 in three times, 3 has 0.68 in six
 * (`npm run bench:qualities`, sharp 0.35.5). It is a function of pixels alone and never of how busy a node is: it stands in
 * the plan, so in the variant's name, and one picture would get two.
 */
function effortFor({ pixels }: EncodingWish): number {
  if (pixels <= 150_000) return 2;
  return pixels <= 500_000 ? 1 : 0;
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
  qualities: [25, 89],
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

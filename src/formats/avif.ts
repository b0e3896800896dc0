import { type EncodingRequest, type Format, qualityOf } from './format.ts';
import { avifMore, qualities } from './qualities.ts';

const levels = qualities.avif;

/** Sizes at which less is spent, and more asked for, in pixels. */
const [middle, large] = [300_000, 500_000] as const;

/** Larger outputs lose more at one quality: a level is a number and what is added to it. A number that is asked for stays. */
function qualityFor(request: EncodingRequest): number {
  const more = request.pixels > large ? avifMore.large : request.pixels > middle ? avifMore.middle : 0;
  return qualityOf(request, levels) + (typeof request.quality === 'number' ? 0 : more);
}

/**
 * Effort falls with size, since encoding time grows with both; what each costs stands in `pace.ts`, and what comes of it is
 * measured by `npm run bench:formats`. This is the usual one, which a variant's name is made from.
 */
function effortFor({ pixels }: EncodingRequest): number {
  if (pixels <= middle) return 2;
  return pixels <= large ? 1 : 0;
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
  quality: `1–100 (${levels.good}, ${levels.good + avifMore.middle} above 0.3 and ${levels.good + avifMore.large} above 0.5 megapixels); 4:4:4 from 90; \`fl_lossless\` keeps every pixel`,
  pipeline: 1,
  // 2: colours of more than 8 bits with a profile were taken for sRGB while they were Display P3.
  decoderPipeline: 2,
  encode(request) {
    if (request.loss === 'lossless') {
      return { encoder: 'avif', options: { lossless: true, effort: effortFor(request), chromaSubsampling: '4:4:4' } };
    }
    const quality = qualityFor(request);
    const chroma = request.chroma ?? (quality >= 90 ? '444' : '420');
    const chromaSubsampling = chroma === '444' ? '4:4:4' : '4:2:0';
    return { encoder: 'avif', options: { quality, effort: effortFor(request), chromaSubsampling } };
  },
};

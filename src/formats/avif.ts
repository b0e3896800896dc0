import { type EncodingRequest, type Format, qualityOf } from './format.ts';
import { avifMore, qualities } from './qualities.ts';

const levels = qualities.avif;

/** Output sizes in pixels from which effort falls and quality rises. */
const [middle, large] = [300_000, 500_000] as const;

/**
 * Quality for a level grows with the output size, because large outputs lose more at low effort. A quality given as a
 * number is used as is.
 */
function qualityFor(request: EncodingRequest): number {
  const more = request.pixels > large ? avifMore.large : request.pixels > middle ? avifMore.middle : 0;
  return qualityOf(request, levels) + (typeof request.quality === 'number' ? 0 : more);
}

/**
 * Default effort. It falls with size, because encoding time grows with both (times in `pace.ts`; `npm run
 * bench:formats` measures them). Part of the variant's key.
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
  // 2: wide-gamut colours (Display P3) of more than 8 bits were read as sRGB.
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

import { densityOf, type Format, qualityOf } from './format.ts';
import { qualities } from './qualities.ts';

const levels = qualities.jpg;

/** JPEG. Full chroma from quality 90; below, the bytes are better spent on luma. */
export const jpg: Format = {
  name: 'jpg',
  mediaType: 'image/jpeg',
  extensions: ['jpg', 'jpeg'],
  alpha: false,
  animation: false,
  exif: true,
  tagsOrientation: false,
  maxSide: 65500,
  qualities: [30, 95],
  quality: `1–100 (${levels.good}); 4:4:4 from 90`,
  pipeline: 1,
  encode(request) {
    const quality = qualityOf(request, levels);
    const chroma = request.chroma ?? (quality >= 90 ? '444' : '420');
    return {
      encoder: 'jpeg',
      options: {
        quality,
        chromaSubsampling: chroma === '444' ? '4:4:4' : '4:2:0',
        ...(request.progressive === true ? { progressive: true } : {}),
      },
      ...densityOf(request),
    };
  },
};

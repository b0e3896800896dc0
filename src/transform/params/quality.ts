import { type QualityLevel, qualityLevels } from '../../formats/names.ts';
import { qualities } from '../../formats/qualities.ts';
import { numberFrom } from './control.ts';
import { type Parameter, printNumber, readInteger, readNumber, readOneOf } from './param.ts';

export type Quality =
  | { readonly kind: 'fixed'; readonly quality: number; readonly chroma: '444' | '420' | null }
  | { readonly kind: 'auto'; readonly level: QualityLevel }
  /** As low as the picture stays this like itself (structural similarity of luma, 1 = the same). */
  | { readonly kind: 'ssim'; readonly target: number };

function readAuto(level: string | undefined): Quality | null {
  if (level === undefined) return { kind: 'auto', level: 'good' };
  const known = readOneOf(level, qualityLevels);
  return known === null ? null : { kind: 'auto', level: known };
}

function readFixed(number: string, chroma: string | undefined): Quality | null {
  const quality = readInteger(number, 1, 100);
  if (quality === null) return null;
  if (chroma === undefined) return { kind: 'fixed', quality, chroma: null };
  return chroma === '444' || chroma === '420' ? { kind: 'fixed', quality, chroma } : null;
}

function readLikeness(text: string | undefined): Quality | null {
  const target = readNumber(text ?? '', 0.9, 0.999);
  return target === null ? null : { kind: 'ssim', target };
}

export const quality: Parameter<Quality> = {
  key: 'q',
  name: 'quality',
  meaning:
    'How much the encoder keeps; `80:444` keeps full colour resolution (jpg, avif); `auto` and `ssim` find the lowest number at which this picture still looks like itself.',
  values: `an integer from 1 to 100 (also 80:444, 80:420), or auto, auto:${qualityLevels.join(', auto:')}, or ssim:0.90 to ssim:0.999`,
  fallback: `equal perceived quality: jpg ${qualities.jpg.good}, webp ${qualities.webp.good}, avif ${qualities.avif.good}`,
  samples: [
    '80',
    '1',
    '100',
    'auto',
    'auto:best',
    'auto:low',
    '80:444',
    '80:420',
    'ssim:0.95',
    'ssim:0.9',
    'ssim:0.999',
  ],
  wrong: [
    'ssim',
    'ssim:',
    'ssim:1',
    'ssim:0.89',
    'ssim:0.9991',
    'ssim:.95',
    'auto:ssim',
    '0',
    '101',
    '80.5',
    'auto:',
    'auto:max',
    '80:422',
    '80:',
    '80:444:1',
  ],
  place: 'once',
  control: numberFrom(1, 100, {
    choices: ['auto', ...qualityLevels.map((level) => `auto:${level}`), 'ssim:0.95', '80:444'],
  }),
  parse(text) {
    const [head = '', tail, ...rest] = text.split(':');
    if (rest.length > 0) return null;
    if (head === 'ssim') return readLikeness(tail);
    return head === 'auto' ? readAuto(tail) : readFixed(head, tail);
  },
  print(value) {
    if (value.kind === 'ssim') return `ssim:${printNumber(value.target)}`;
    if (value.kind === 'auto') return value.level === 'good' ? 'auto' : `auto:${value.level}`;
    return value.chroma === null ? String(value.quality) : `${value.quality}:${value.chroma}`;
  },
};

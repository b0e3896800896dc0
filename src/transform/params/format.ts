import { formats } from '../../formats/index.ts';
import type { FormatName } from '../../formats/names.ts';
import { type Parameter, readOneOf } from './param.ts';

/** `orig` is the stored bytes untouched, the only word of its URL. */
export type FormatRequest = FormatName | 'auto' | 'orig';

const words: readonly FormatRequest[] = ['auto', ...Object.values(formats).map((format) => format.name), 'orig'];

export const format: Parameter<FormatRequest> = {
  key: 'f',
  name: 'format',
  meaning:
    "The answer's format; `auto` is the best the client says it takes, `orig` the stored bytes untouched (alone in its URL, and refused with 403 where originals are private).",
  values: `one of ${words.join(', ')}`,
  fallback: 'jpg, png, webp, gif and avif keep theirs, everything else becomes png with alpha, else jpg',
  samples: ['webp', ...words, 'jpeg'],
  wrong: ['svg', 'heic', 'jxl', 'bmp', 'WEBP', 'image/webp'],
  place: 'once',
  control: { kind: 'choice', choices: words },
  parse: (text) => (text === 'jpeg' ? 'jpg' : readOneOf(text, words)),
  print: (value) => value,
};

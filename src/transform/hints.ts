import { type Key, parameters } from './params/index.ts';

/** A word of another product's language, and what it is called here. */
interface Hint {
  readonly word: RegExp;
  readonly expected: string;
  readonly example: string;
}

const hints: readonly Hint[] = [
  {
    word: /^v\d{6,}$/,
    expected: 'v_ and the beginning of the SHA-256 instead of a time as version',
    example: 'v_1a2b3c4d',
  },
  {
    word: /^g_(face|faces|adv_face.*|face:.*)$/,
    expected: 'g_auto or a stored focal point (g_custom), since faces are not looked for',
    example: 'c_fill,g_auto,h_200,w_200',
  },
  {
    word: /^g_(auto:.*|smart|attention|sm|subject.*|ocr_text.*)$/,
    expected: 'g_auto or g_auto:entropy',
    example: 'c_fill,g_auto,h_200,w_200',
  },
  { word: /^[wh]_i[wh].*$/, expected: 'a fraction of the original instead of its name', example: 'w_1.0' },
  {
    word: /^[wh]_(\d+)px$/,
    expected: 'pixels without their unit',
    example: 'w_400',
  },
  { word: /^[wh]_(\d+)(p|%|pct)$/, expected: 'a fraction with a dot for a share of the original', example: 'w_0.5' },
  { word: /^ar_\d+[x/-]\d+$/, expected: 'a colon between the sides of a ratio', example: 'ar_16:9' },
  { word: /^ar_(auto|1w.*|iw.*)$/, expected: 'no ar_ where the ratio shall stay as it is', example: 'w_400' },
  { word: /^r_(\d+)(px|%)$/, expected: 'pixels without their unit, or max for half the shorter side', example: 'r_20' },
  { word: /^bo_.*_rgb:.*$/, expected: 'the hex digits of the colour alone', example: 'bo_4px_solid_ff8800' },
  { word: /^[wh]_auto.*$/, expected: 'a width in pixels: one URL per candidate of a srcset', example: 'w_800' },
  { word: /^dpr_[\d.]+x$/, expected: 'a number without the x', example: 'dpr_2' },
  { word: /^dpr_auto$/, expected: 'a number: one URL per density of a srcset', example: 'dpr_2' },
  { word: /^[wh]_0$/, expected: 'no word at all for a side that follows from the other', example: 'w_400' },
  {
    word: /^e_(improve|enhance|upscale|auto_.*|viesus.*|gen_.*|background_removal|art:.*|vectorize.*)$/,
    expected: 'an effect of ours, since this one needs a model',
    example: 'e_sharpen',
  },
  { word: /^(if|else|end|in)(_.*)?$/, expected: 'no conditions: one URL, one picture', example: 'w_400' },
  { word: /^\$.*$/, expected: 'values instead of variables', example: 'w_400' },
  { word: /^(u|so|eo|du|vc|ac|vs|br|fps|ki|sp|af)_.*$/, expected: 'words for pictures', example: 'w_400' },
  {
    word: /^(x|y)_(\d+)(p|%)$/,
    expected: 'a fraction with a dot for a share of the picture',
    example: 'c_crop,h_200,w_400,x_0.5',
  },
  { word: /^a_(auto_(right|left)|exif)$/, expected: 'a_auto, which is as EXIF says, or degrees', example: 'a_90' },
  { word: /^s_\d+x\d+$/, expected: 'w_ and h_', example: 'h_300,w_400' },
  { word: /^(fit|resize|rs)_.*$/, expected: 'c_ for the crop mode', example: 'c_fill,h_300,w_400' },
  { word: /^(rotate|rot|or)_.*$/, expected: 'a_ for the angle', example: 'a_90' },
  { word: /^(w|h|q|f|c|fo|dpr)[-:=].*$/, expected: 'a key, an underscore and a value', example: 'f_webp,w_400' },
  {
    word: /^(tr|rs|rt|size|resize|gravity|width|height|quality|format|crop|fit|filters)[:=].*$/,
    expected: 'words joined by commas, each a key, an underscore and a value',
    example: 'c_fill,f_webp,h_300,w_400',
  },
  { word: /^(\d+)x(\d*)$/, expected: 'w_ and h_', example: 'h_300,w_400' },
  {
    word: /^(fit-in|smart|upload|fetch|resize|crop|fill|fit)$/,
    expected: 'words such as c_fit',
    example: 'c_fit,w_400',
  },
  { word: /^(quality|qual)_.*$/, expected: 'q_ for the quality', example: 'q_80' },
  {
    word: /^(width|height|format|gravity|background|crop)_.*$/,
    expected: 'the short key of the word',
    example: 'f_webp,w_400',
  },
  { word: /^c_(cover|crop_cover)$/, expected: 'c_fill', example: 'c_fill,h_300,w_400' },
  {
    word: /^c_(contain|inside|fit_in|imagga_.*|fill_pad|lmpad|max|at_max|at_least|force|outside)$/,
    expected: 'c_limit, c_fit or c_pad',
    example: 'c_fit,h_300,w_400',
  },
  { word: /^f_(svg|heic|jxl|jp2|bmp|ico|pdf|mp4|webm)$/, expected: 'a format of ours', example: 'f_webp' },
];

/** What to write instead of a word that another product knows, or null. */
export function hintFor(word: string): Hint | null {
  return word.length > 100 ? null : (hints.find((hint) => hint.word.test(word)) ?? null);
}

const queryKeys: Readonly<Record<string, Key>> = {
  w: 'w',
  width: 'w',
  h: 'h',
  height: 'h',
  q: 'q',
  quality: 'q',
  fm: 'f',
  format: 'f',
  dpr: 'dpr',
  ar: 'ar',
};

/** Our spelling of another product's query string, or null where it says nothing we know. Each key of ours stands once. */
export function spellingOfQuery(query: string): string | null {
  const words = new Map<Key, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = Object.hasOwn(queryKeys, name) ? queryKeys[name] : undefined;
    if (key === undefined) continue;
    words.set(key, `${key}_${parameters[key].parse(value) === null ? parameters[key].samples[0] : value}`);
  }
  return words.size === 0 ? null : [...words.values()].sort().join(',');
}

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
  { word: /^g_(auto:.*|smart|attention)$/, expected: 'g_auto or g_auto:entropy', example: 'c_fill,g_auto,h_200,w_200' },
  { word: /^[wh]_auto.*$/, expected: 'a width in pixels: one URL per candidate of a srcset', example: 'w_800' },
  { word: /^dpr_auto$/, expected: 'a number: one URL per density of a srcset', example: 'dpr_2' },
  { word: /^[wh]_0$/, expected: 'no word at all for a side that follows from the other', example: 'w_400' },
  {
    word: /^e_(improve|enhance|upscale|auto_.*|viesus.*|gen_.*|background_removal|art:.*|vectorize.*)$/,
    expected: 'an effect of ours, since this one needs a model',
    example: 'e_sharpen',
  },
  { word: /^(if|else|end|in)(_.*)?$/, expected: 'no conditions: one URL, one picture', example: 'w_400' },
  { word: /^\$.*$/, expected: 'values instead of variables', example: 'w_400' },
  { word: /^s_\d+x\d+$/, expected: 'w_ and h_', example: 'h_300,w_400' },
  { word: /^(fit|resize|rs)_.*$/, expected: 'c_ for the crop mode', example: 'c_fill,h_300,w_400' },
  { word: /^(rotate|rot|or)_.*$/, expected: 'a_ for the angle', example: 'a_90' },
  { word: /^(quality|qual)_.*$/, expected: 'q_ for the quality', example: 'q_80' },
  {
    word: /^(width|height|format|gravity|background|crop)_.*$/,
    expected: 'the short key of the word',
    example: 'f_webp,w_400',
  },
  { word: /^c_(cover|crop_cover)$/, expected: 'c_fill', example: 'c_fill,h_300,w_400' },
  { word: /^c_(contain|inside|fit_in|imagga_.*)$/, expected: 'c_limit, c_fit or c_pad', example: 'c_fit,h_300,w_400' },
  { word: /^f_(svg|heic|jxl|jp2|bmp|ico|pdf|mp4|webm)$/, expected: 'a format of ours', example: 'f_webp' },
];

/** What to write instead of a word that another product knows, or null. */
export function hintFor(word: string): Hint | null {
  return word.length > 100 ? null : (hints.find((hint) => hint.word.test(word)) ?? null);
}

const queryKeys: Readonly<Record<string, string>> = {
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

/** Our spelling of another product's query string, or null where it says nothing we know. */
export function spellingOfQuery(query: string): string | null {
  const words = [...new URLSearchParams(query)]
    .flatMap(([key, value]) => (Object.hasOwn(queryKeys, key) ? [`${queryKeys[key]}_${value}`] : []))
    .sort();
  return words.length === 0 ? null : words.join(',');
}

import { type Key, keys, parameters } from '../../src/transform/params/index.ts';

/** Every wrong value of every word, made from the catalogue; values are percent-encoded where a path needs it. */

export interface BadWords {
  /** What stands behind `/img/cat/`. */
  readonly words: string;
  readonly why: string;
}

/** What no number and no list of words understands. */
const noise: readonly (readonly [why: string, value: string])[] = [
  ['empty', ''],
  ['NaN', 'NaN'],
  ['infinite', 'Infinity'],
  ['an exponent', '1e3'],
  ['Arabic digits', '٤٠٠'],
  ['wide digits', '４００'],
  ['a plus', '+1'],
  ['a leading zero', '01'],
  ['separators', '1_000'],
  ['a space before', ' 1'],
  ['hexadecimal', '0x1'],
  ['long', '9'.repeat(1500)],
  ['five decimals', '1.12345'],
  ['a null', '1\u0000'],
  ['half a surrogate as text', '\ufffd'],
];

function wordOf(key: Key, value: string): string {
  return `${key}_${encodeURIComponent(value).replaceAll('%3A', ':')}`;
}

const isLegal = (key: Key, value: string) => parameters[key].parse(value) !== null;

/** A legal value in the company it needs, for example `x_` beside a crop. */
function legalWords(key: Key): string {
  const sample = parameters[key].samples.find((value) => value !== 'orig') ?? '';
  const company: Readonly<Partial<Record<Key, string>>> = {
    x: 'c_crop,h_5,w_5,',
    y: 'c_crop,h_5,w_5,',
    z: 'c_thumb,',
    g: 'c_fill,',
    co: 'e_tint,',
  };
  return `${company[key] ?? ''}${key}_${sample}`;
}

/** One case for each wrong value of each word, and each word twice. */
export const badWords: readonly BadWords[] = keys.flatMap((key) => [
  ...parameters[key].wrong.map((value) => ({ words: wordOf(key, value), why: `${key} is ${value.slice(0, 40)}` })),
  ...noise
    .filter(([, value]) => !isLegal(key, value))
    .map(([why, value]) => ({ words: wordOf(key, value), why: `${key} is ${why}` })),
  ...(key === 't'
    ? []
    : [{ words: `${legalWords(key)},${key}_${parameters[key].samples[0]}`, why: `${key} stands twice` }]),
]);

/** What contradicts each other, as the documents list it. */
export const conflicts: readonly BadWords[] = [
  ['ar_1:1,h_5,w_5', 'a box has two sides at most'],
  ['ar_1:1,c_limit,w_5', 'limit has no ratio of its own'],
  ['ar_1:1,c_fit,w_5', 'fit has no ratio of its own'],
  ['ar_1:1,c_scale,w_5', 'scale has no ratio of its own'],
  ['g_north,w_5', 'nothing is cut'],
  ['c_fit,g_north,w_5', 'nothing is cut'],
  ['c_mfit,g_auto,w_5', 'nothing is cut'],
  ['c_scale,g_custom,w_5', 'nothing is cut'],
  ['c_auto,g_north,h_5,w_5', 'auto is a gravity'],
  ['c_pad,g_auto,h_5,w_5', 'a canvas has nothing to choose from'],
  ['c_mpad,g_auto:entropy,h_5,w_5', 'a canvas has nothing to choose from'],
  ['w_5,x_1', 'an offset needs something to count from'],
  ['c_fill,h_5,w_5,y_0.1', 'an offset needs something to count from'],
  ['c_fill,g_xy_center,h_5,w_5,x_0.5', 'a point has two coordinates'],
  ['c_fill,g_xy_center,h_5,w_5', 'a point has two coordinates'],
  ['c_fill,g_auto,h_5,w_5,x_1', 'what finds its own place has no offset'],
  ['w_5,z_2', 'nothing is cut'],
  ['c_pad,h_5,w_5,z_2', 'nothing is cut'],
  ['c_crop,co_red,h_5,w_5', 'nothing takes the colour'],
  ['fl_lossless.lossy', 'loss or none'],
  ['fl_lossless,q_80', 'no loss has no quality'],
  ['f_orig,w_5', 'the stored bytes are untouched'],
  ['w_5/d_empty', 'the default is of the first component'],
  ['w_5/v_1a2b3c4d', 'the version is of the first component'],
  ['f_webp/f_webp', 'one format for one answer'],
  ['q_80/q_80', 'one quality for one answer'],
  ['f_png/cat.webp', 'the name contradicts the format'],
  ['nopreset', 'no preset has this name'],
  ['t_thumb.nopreset', 'no preset has this name'],
  ['w_5,', 'a comma ends nothing'],
  [',w_5', 'a comma begins nothing'],
  ['w_5//h_5', 'an empty component'],
].map(([words = '', why = '']) => ({ words, why }));

import { isParamKey, type Key } from '../transform/params/index.ts';
import { ownValue } from './own-value.ts';
import { decoded, fraction, numberIn, type TransformWriter } from './spelling.ts';

type Write = (spelling: TransformWriter, value: string, from: string) => void;

const same =
  (key: Key): Write =>
  (spelling, value, from) =>
    spelling.word(key, value, from);

/** Below 1, and with a dot, it is a share; otherwise pixels, however many digits they are written with. */
const side =
  (key: 'w' | 'h' | 'x' | 'y'): Write =>
  (spelling, value, from) => {
    const number = numberIn(value);
    const [sign, size] = value.startsWith('-') ? ['-', value.slice(1)] : ['', value];
    spelling.word(key, number !== null && value.includes('.') ? `${sign}${fraction(size) ?? size}` : value, from);
  };

const colour = (text: string) => text.replace(/^rgb:/, '');

/** Gravities that need a detector. */
const faces = /^(?:face|faces|adv_face|adv_faces|adv_eyes|body|.*:.*)$/;

/** Flags whose effect is what happens here anyway, or that are ours by another name. */
const usual = ['force_strip', 'strip_profile', 'awebp', 'animated', 'preserve_transparency'];
const answerFlags = ['progressive', 'lossy'];

function writeFlags(spelling: TransformWriter, value: string, from: string): void {
  for (const flag of value.split('.')) {
    if (flag === 'layer_apply' || flag === 'relative') spelling.componentFlag(flag);
    else if (flag === 'keep_attribution') spelling.flag('keep_attribution');
    else if (/^attachment(:|$)/.test(flag)) {
      spelling.flag('attachment');
      if (flag !== 'attachment') spelling.approximate(from, 'the file is named after the id');
    } else if (flag === 'apng') spelling.approximate(from, 'a PNG is a still');
    else if (flag === 'any_format') spelling.approximate(from, 'formats stay as they were asked for');
    else if (answerFlags.includes(flag.replace(/:.*/, ''))) spelling.flag(flag.replace(/:.*/, ''));
    else if (!usual.includes(flag)) spelling.refuse(from);
  }
}

/** Layers that are no picture of ours. */
const otherLayers = /^(?:fetch|lut|subtitles|video|audio):/;

/** `l_text:Font_size_style:text`, its text escaped twice where it holds a comma or a slash. */
function writeLayer(spelling: TransformWriter, value: string, from: string): void {
  const [, font, size, styles = '', text = ''] = /^text:([^:]+?)_(\d+)((?:_[a-z]+)*):(.+)$/.exec(value) ?? [];
  if (otherLayers.test(value)) return spelling.refuse(from, 'no layer but pictures that are stored and text');
  if (font === undefined) return same('l')(spelling, value, from);
  const style = styles.split('_').filter((word) => word !== '' && word !== 'normal');
  if (style.some((word) => word !== 'bold' && word !== 'italic')) return spelling.refuse(from, 'bold and italic');
  const ordered = ['bold', 'italic'].filter((word) => style.includes(word)).map((word) => `_${word}`);
  const plain = decoded(text) ?? text;
  const printed = Buffer.from(plain, 'utf8').toString('base64url');
  spelling.word('l', `text:${decoded(font) ?? font}_${size}${ordered.join('')}:b64:${printed}`, from);
}

/** Defaults of bare effects that ours have no number for (cloudinary.com/documentation/transformation_reference#e_effect). */
const bare: Readonly<Record<string, string>> = {
  brightness: '80',
  saturation: '80',
  hue: '80',
  contrast: '0',
  gamma: '0',
};

/** White from so many percent upwards. */
function writeThreshold(spelling: TransformWriter, percent: string, from: string): void {
  const number = numberIn(percent);
  if (number === null || number < 0 || number > 100) return spelling.wrong(from, 'a threshold from 0 to 100');
  spelling.approximate(from, 'pixels close to the threshold may fall on its other side');
  spelling.word('e', `threshold:${Math.round(2.55 * number)}`, from);
}

function writeContrast(spelling: TransformWriter, value: string, from: string): void {
  const level = /^(?:level_)?(-?\d+)(?:;type_sigmoidal)?$/.exec(value)?.[1];
  if (level === undefined) return spelling.refuse(from, 'no contrast but by level_, from -100 to 100');
  spelling.word('e', `contrast:${level}`, from);
  spelling.approximate(from, 'a straight line about the middle, not a sigmoid');
}

function writeEffect(spelling: TransformWriter, value: string, from: string): void {
  const [name = '', ...rest] = value.split(':');
  if (rest.length === 0 && Object.hasOwn(bare, name)) return spelling.word('e', `${name}:${bare[name]}`, from);
  if (value === 'pixelate') spelling.approximate(from, 'squares of 5 pixels, whatever the size of the picture');
  if (name === 'blackwhite') return writeThreshold(spelling, rest.join(':') || '50', from);
  if (name === 'contrast') return writeContrast(spelling, rest.join(':'), from);
  spelling.word('e', value, from);
}

function writeRadius(spelling: TransformWriter, value: string, from: string): void {
  if (value === 'max')
    spelling.approximate(from, 'an oval where the picture is square, else the ends are half circles');
  const [a = '', b = a, c = a, d = b, ...rest] = value.split(':');
  spelling.word('r', value.includes(':') && rest.length === 0 ? [a, b, c, d].join(':') : value, from);
}

const writers: Readonly<Record<string, Write>> = {
  c: writeMode,
  w: side('w'),
  h: side('h'),
  x: side('x'),
  y: side('y'),
  g(spelling, value, from) {
    if (value !== 'auto:entropy' && (faces.test(value) || value === 'auto:faces')) {
      spelling.approximate(from, 'faces and subjects are not looked for: what draws the eye stays');
      return spelling.word('g', 'auto', from);
    }
    spelling.word('g', value, from);
  },
  dpr(spelling, value, from) {
    const number = numberIn(value);
    spelling.word('dpr', number === null ? value : number, from);
  },
  f(spelling, value, from) {
    spelling.word('f', value.startsWith('auto:') ? 'auto' : value, from);
    if (value.startsWith('auto:')) spelling.approximate(from, 'is f_auto');
  },
  q(spelling, value, from) {
    const level = value.replace(/^(auto.*):sensitive$/, '$1');
    if (level !== value) spelling.approximate(from, `is q_${level}`);
    spelling.word('q', level, from);
  },
  a: (spelling, value, from) => spelling.word('a', value === 'exif' ? 'auto' : value, from),
  b(spelling, value, from) {
    const ours = /^(auto|blurred)/.exec(value)?.[1];
    if (ours !== undefined) spelling.approximate(from, `is b_${ours}`);
    spelling.word('b', ours ?? colour(value), from);
  },
  bo: (spelling, value, from) => spelling.word('bo', value.replace('_rgb:', '_'), from),
  co: (spelling, value, from) => spelling.word('co', colour(value), from),
  r: writeRadius,
  e: writeEffect,
  l: writeLayer,
  fl: writeFlags,
  d: (spelling, value, from) => spelling.word('d', value.replace(/\.[a-z]+$/, ''), from),
  t: same('t'),
};

/** Keys that mean the same in both languages. */
const shared: readonly string[] = ['ar', 'o', 'z', 'pg', 'dn'];

/** Where a picture is smaller than its box, the documentation has it stay as it is. */
function writeMode(spelling: TransformWriter, value: string, from: string): void {
  if (value === 'mfit') return spelling.refuse(from, 'no mode that enlarges without making smaller');
  if (value === 'lfill') spelling.approximate(from, 'of a source smaller than the box, the largest cut of its ratio');
  spelling.word('c', value, from);
}

/** What a mode of theirs is where it has no box or only a ratio: theirs scales, ours would keep within. */
function finish(spelling: TransformWriter, words: ReadonlyMap<string, string>): void {
  const from = [...words].map(([key, value]) => `${key}_${value}`).join();
  const hasBox = words.has('w') || words.has('h');
  if (hasBox && words.has('a')) spelling.approximate(`a_${words.get('a')}`, 'sides are those of the turned picture');
  if (words.has('c')) {
    // Without offsets theirs is cut from the middle, ours from the top left.
    const isCentred = words.get('c') === 'crop' && !words.has('g') && !words.has('x') && !words.has('y');
    if (isCentred) spelling.word('g', 'center', from);
    const cutsByBox = ['crop', 'thumb', 'auto'].includes(words.get('c') ?? '');
    if (cutsByBox && !hasBox && !words.has('ar')) spelling.refuse(from, `sides beside c_${words.get('c')}`);
    return;
  }
  if (words.has('ar')) spelling.refuse(`ar_${words.get('ar')}`, 'ar with a crop mode');
  if (hasBox) spelling.word('c', 'scale', from);
}

interface Word {
  readonly key: string;
  readonly value: string;
  readonly from: string;
}

/** The words of a component; of several effects the last alone is applied there. */
function wordsIn(spelling: TransformWriter, component: string): readonly Word[] {
  const words = (decoded(component) ?? component).split(',').map((from) => {
    const split = from.indexOf('_');
    return { key: from.slice(0, Math.max(0, split)), value: from.slice(split + 1), from };
  });
  const effects = words.filter(({ key }) => key === 'e');
  const idle = effects.slice(0, -1);
  for (const { from } of idle)
    spelling.approximate(from, 'has no effect beside a later one in its component, as there');
  return words.filter((word) => !idle.includes(word));
}

export function isSized(component: string): boolean {
  return /(?:^|,)[wh]_/.test(component);
}

/** A ratio by itself is one of every size before it; null: there is none. */
export function ratioAlone(components: readonly string[]): string | null {
  const alone = components.filter((each) => !isSized(each));
  return alone.map((each) => /(?:^|,)(dpr_[^,]*)/.exec(each)?.[1] ?? '').findLast((word) => word !== '') ?? null;
}

/** One component, word by word. */
export function writeComponent(spelling: TransformWriter, component: string, ratio: string | null): void {
  spelling.next();
  const words = wordsIn(spelling, component);
  const has = new Map(words.map(({ key, value }) => [key, value]));
  const hasBox = has.has('w') || has.has('h');
  for (const { key, value, from } of words.filter((word) => hasBox || word.key !== 'dpr')) {
    const write = ownValue(writers, key);
    if (write !== undefined) write(spelling, value, from);
    else if (isParamKey(key) && shared.includes(key)) spelling.word(key, value, from);
    else if (from !== 'cs_srgb') spelling.refuse(from);
  }
  if (hasBox && ratio !== null && !has.has('dpr')) writers['dpr']?.(spelling, ratio.slice('dpr_'.length), ratio);
  finish(spelling, has);
}

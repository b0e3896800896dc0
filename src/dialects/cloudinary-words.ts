import { isKey, type Key } from '../transform/params/index.ts';
import { decoded, fraction, numberIn, type Spelling } from './spelling.ts';

type Write = (spelling: Spelling, value: string, from: string) => void;

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
const usual = ['force_strip', 'strip_profile', 'awebp', 'apng', 'animated', 'any_format', 'preserve_transparency'];
const answerFlags = ['attachment', 'progressive', 'lossy'];

function writeFlags(spelling: Spelling, value: string, from: string): void {
  for (const flag of value.split('.')) {
    if (flag === 'layer_apply' || flag === 'relative') spelling.componentFlag(flag);
    else if (flag === 'keep_attribution') spelling.flag('keep_attribution');
    else if (answerFlags.includes(flag.replace(/:.*/, ''))) spelling.flag(flag.replace(/:.*/, ''));
    else if (!usual.includes(flag)) spelling.refuse(from);
  }
}

/** `l_text:Font_size_style:text`, its text escaped twice where it holds a comma or a slash. */
function writeLayer(spelling: Spelling, value: string, from: string): void {
  const [, font, size, styles = '', text = ''] = /^text:([^:]+?)_(\d+)((?:_[a-z]+)*):(.+)$/.exec(value) ?? [];
  if (font === undefined)
    return value.includes('fetch:') ? spelling.refuse(from, 'no layer by URL') : same('l')(spelling, value, from);
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

function writeEffect(spelling: Spelling, value: string, from: string): void {
  const [name = '', ...rest] = value.split(':');
  if (rest.length === 0 && bare[name] !== undefined) return spelling.word('e', `${name}:${bare[name]}`, from);
  if (value === 'pixelate') spelling.approximate(from, 'squares of 5 pixels, whatever the size of the picture');
  if (name === 'blackwhite' && rest.length === 0) {
    spelling.approximate(from, 'white from the middle upwards');
    return spelling.word('e', 'threshold', from);
  }
  spelling.word('e', value, from);
}

function writeRadius(spelling: Spelling, value: string, from: string): void {
  const [a = '', b = a, c = a, d = b, ...rest] = value.split(':');
  spelling.word('r', value.includes(':') && rest.length === 0 ? [a, b, c, d].join(':') : value, from);
}

const writers: Readonly<Record<string, Write>> = {
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
    if (value === 'auto:sensitive') spelling.approximate(from, 'is q_auto');
    spelling.word('q', value === 'auto:sensitive' ? 'auto' : value, from);
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
const shared: readonly string[] = ['c', 'ar', 'o', 'z', 'pg', 'dn'];

/** What a mode of theirs is where it has no box or only a ratio: theirs scales, ours would keep within. */
function finish(spelling: Spelling, words: ReadonlyMap<string, string>): void {
  const from = [...words].map(([key, value]) => `${key}_${value}`).join();
  const hasBox = words.has('w') || words.has('h');
  if (hasBox && words.has('a')) spelling.approximate(`a_${words.get('a')}`, 'sides are those of the turned picture');
  if (words.has('c')) {
    // Without offsets theirs is cut from the middle, ours from the top left.
    const isCentred = words.get('c') === 'crop' && !words.has('g') && !words.has('x') && !words.has('y');
    if (isCentred) spelling.word('g', 'center', from);
    return;
  }
  if (words.has('ar')) spelling.refuse(`ar_${words.get('ar')}`, 'ar with a crop mode');
  if (hasBox) spelling.word('c', 'scale', from);
}

/** One component, word by word. */
export function writeComponent(spelling: Spelling, component: string): void {
  spelling.next();
  const words = new Map<string, string>();
  for (const from of (decoded(component) ?? component).split(',')) {
    const split = from.indexOf('_');
    const [key, value] = [from.slice(0, Math.max(0, split)), from.slice(split + 1)];
    words.set(key, value);
    const write = Object.hasOwn(writers, key) ? writers[key] : undefined;
    if (write !== undefined) write(spelling, value, from);
    else if (isKey(key) && shared.includes(key)) spelling.word(key, value, from);
    else if (from !== 'cs_srgb') spelling.refuse(from);
  }
  finish(spelling, words);
}

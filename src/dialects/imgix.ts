import { createHash } from 'node:crypto';
import { printNumber } from '../transform/params/param.ts';
import type { Dialect, SignatureScheme } from './dialect.ts';
import { imgixColour, type Query, writeAuto, writeMask, writeWord } from './imgix-words.ts';
import { ownValue } from './own-value.ts';
import { signedParts } from './seals.ts';
import { sourceIn } from './sources.ts';
import { fraction, TransformWriter } from './spelling.ts';

const sealing: SignatureScheme = {
  expected: 'the secure URL token of the source',
  isKey: (text) => /^[A-Za-z0-9_-]{1,64}$/.test(text),
  signatureOf({ path, query }, keys) {
    const words = query === '' ? [] : query.split('&');
    const sent = words.findLast((word) => word.startsWith('s='))?.slice(2);
    if (sent === undefined) return 'unsigned';
    const rest = words.filter((word) => !word.startsWith('s=')).join('&');
    const signed = `/${path}${rest === '' ? '' : `?${rest}`}`;
    // MD5 is what imgix signs with.
    const made = keys.map((key) => createHash('md5').update(`${key}${signed}`, 'latin1').digest('hex'));
    return signedParts(sent, made);
  },
};

const modes: Readonly<Record<string, string>> = {
  clip: 'fit',
  crop: 'fill',
  fill: 'pad',
  fillmax: 'lpad',
  max: 'limit',
  min: 'lfill',
  scale: 'scale',
};

const halves: Readonly<Record<string, string>> = { top: 'north', bottom: 'south', left: 'west', right: 'east' };

/** EXIF's numbers and their degrees, as turns of ours. */
const orientations: Readonly<Record<string, string>> = {
  1: 'ignore',
  2: 'ignore.hflip',
  3: 'ignore.180',
  4: 'ignore.vflip',
  5: 'ignore.hflip.270',
  6: 'ignore.90',
  7: 'ignore.hflip.90',
  8: 'ignore.270',
  90: 'ignore.90',
  180: 'ignore.180',
  270: 'ignore.270',
};

/** First of all: which side is up. */
function orientate(spelling: TransformWriter, orient: string): void {
  const ours = ownValue(orientations, orient);
  if (ours === undefined) spelling.wrong(`orient=${orient}`, '1 to 8, 90, 180 or 270');
  else spelling.word('a', ours, `orient=${orient}`);
}

/** Where a corner of a rectangle is named by words; a number counts from the left or the top. */
const corners: Readonly<Record<string, string>> = {
  left: 'west',
  center: '',
  right: 'east',
  top: 'north',
  middle: '',
  bottom: 'south',
};

/** Then a rectangle of the source. */
function cut(spelling: TransformWriter, rect: string): void {
  const from = `rect=${rect}`;
  const [x = '', y = '', w = '', h = '', ...rest] = rect.split(',');
  const printed = (text: string) => (text === 'full' ? '1.0' : text.includes('.') ? (fraction(text) ?? text) : text);
  const isNamed = (text: string) => Object.hasOwn(corners, text);
  if (rest.length > 0) spelling.wrong(from, 'x, y, width and height');
  spelling.word('c', 'crop', from);
  if (isNamed(x) || isNamed(y)) {
    const named = [isNamed(y) ? corners[y] : 'north', isNamed(x) ? corners[x] : 'west'].filter((word) => word !== '');
    spelling.word('g', named.length === 0 ? 'center' : named.join('_'), from);
  }
  if (!isNamed(x)) spelling.word('x', printed(x), from);
  if (!isNamed(y)) spelling.word('y', printed(y), from);
  spelling.word('w', printed(w), from);
  spelling.word('h', printed(h), from);
  spelling.next();
}

/** Up to 1 it is a share of the source. */
function writeSide(spelling: TransformWriter, key: 'w' | 'h', text: string, from: string): void {
  const share = Number(text) <= 1 ? fraction(text) : null;
  spelling.word(key, share ?? String(Math.round(Number(text))), from);
}

function writeBox(spelling: TransformWriter, query: Query): void {
  const [w, h, ar] = [query.get('w'), query.get('h'), query.get('ar')];
  const fit = query.get('fit') ?? 'clip';
  if (w !== undefined) writeSide(spelling, 'w', w, `w=${w}`);
  if (h !== undefined) writeSide(spelling, 'h', h, `h=${h}`);
  const sides = [w, h].filter((side) => side !== undefined).length;
  const isRatio = ar !== undefined && ((fit === 'crop' && sides < 2) || (fit === 'fill' && sides === 1));
  if (isRatio) spelling.word('ar', ratioOf(ar), `ar=${ar}`);
  else if (ar !== undefined && fit === 'fill' && sides === 0) spelling.refuse(`ar=${ar}`, 'a side beside fit=fill');
  else if (ar !== undefined) spelling.approximate(`ar=${ar}`, 'has no say beside two sides or that fit, as there');
  const mode = ownValue(modes, fit);
  if (mode === undefined) return spelling.refuse(`fit=${fit}`, `one of ${Object.keys(modes).join(', ')}`);
  const isFull = isRatio || (w !== undefined && h !== undefined);
  if (sides === 0 && !isRatio) return;
  // With one side, every mode keeps the ratio and cuts nothing.
  spelling.word('c', isFull ? mode : ['max', 'min', 'fillmax'].includes(fit) ? 'limit' : 'fit', `fit=${fit}`);
  if (!isFull) return;
  if (fit === 'crop' || fit === 'min') writePlace(spelling, query);
  if (fit.startsWith('fill')) writeCanvas(spelling, query);
}

/** Ours takes whole numbers, or what they come to. */
function ratioOf(ar: string): string {
  const [, width, height] = /^([\d.]+):([\d.]+)$/.exec(ar) ?? [];
  if (width === undefined || height === undefined || !ar.includes('.')) return ar;
  return printNumber(Number(width) / Number(height));
}

function writePlace(spelling: TransformWriter, query: Query): void {
  const crop = query.get('crop');
  const from = `crop=${crop}`;
  if (crop === undefined) return;
  const words = crop.split(',');
  if (words[0] === 'focalpoint') {
    const [x, y] = [fraction(query.get('fp-x') ?? '0.5'), fraction(query.get('fp-y') ?? '0.5')];
    spelling.word('g', 'xy_center', from);
    spelling.word('x', x ?? '', `fp-x=${query.get('fp-x')}`);
    spelling.word('y', y ?? '', `fp-y=${query.get('fp-y')}`);
    if (query.has('fp-z')) spelling.word('z', query.get('fp-z') ?? '', `fp-z=${query.get('fp-z')}`);
    return;
  }
  if (words.some((word) => ['faces', 'edges', 'auto'].includes(word))) {
    spelling.approximate(from, 'faces are not looked for: what draws the eye stays');
    return spelling.word('g', 'auto', from);
  }
  if (words[0] === 'entropy') return spelling.word('g', 'auto:entropy', from);
  const down = words.find((word) => word === 'top' || word === 'bottom');
  const across = words.find((word) => word === 'left' || word === 'right');
  const known = [down, across].filter((word) => word !== undefined);
  if (known.length !== words.length) return spelling.refuse(from);
  spelling.word('g', known.map((word) => halves[word]).join('_'), from);
}

function writeCanvas(spelling: TransformWriter, query: Query): void {
  const [fill = 'solid', colour] = [query.get('fill'), query.get('fill-color')];
  if (fill === 'blur') spelling.word('b', 'blurred', `fill=${fill}`);
  else if (fill !== 'solid') spelling.refuse(`fill=${fill}`, 'solid and blur');
  else if (colour !== undefined) spelling.word('b', imgixColour(colour), `fill-color=${colour}`);
}

/** Longer and older names of words. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['width', 'w'],
  ['height', 'h'],
  ['f', 'fit'],
  ['fillcolor', 'fill-color'],
  ['or', 'orient'],
  ['inv', 'invert'],
]);

/** Looked at together. */
const together = [
  'w',
  'h',
  'ar',
  'fit',
  'crop',
  'fp-x',
  'fp-y',
  'fp-z',
  'fill',
  'fill-color',
  'rect',
  'orient',
  'mask',
  'corner-radius',
  'auto',
  's',
  'ixlib',
  'ixid',
];

/** `/{path}?w=…&fit=…` (docs.imgix.com/apis/rendering): the order of words never matters there. */
export const imgixDialect: Dialect = {
  name: 'imgix',
  product: 'imgix',
  prefix: '/imgix',
  example: '/users/1.png?w=400&h=300&fit=crop',
  signing: sealing,
  translate({ path, query }) {
    const spelling = new TransformWriter(`${path}?${query}`);
    const sent = new URLSearchParams(query);
    const words: Query = new Map([...sent].map(([name, value]) => [aliases.get(name) ?? name, value]));
    const [rect, orient] = [words.get('rect'), words.get('orient')];
    if (orient !== undefined) orientate(spelling, orient);
    if (rect !== undefined) cut(spelling, rect);
    writeBox(spelling, words);
    writeMask(spelling, words);
    const last = ['rot', 'flip'];
    const rest = [...words].filter(([name]) => !together.includes(name));
    for (const [name, value] of rest.filter(([name]) => !last.includes(name))) writeWord(spelling, name, value);
    for (const [name, value] of rest.filter(([name]) => last.includes(name))) writeWord(spelling, name, value);
    // The only word that adds up where it is said again.
    for (const auto of sent.getAll('auto')) writeAuto(spelling, auto, words);
    return spelling.translation(sourceIn(spelling, path));
  },
};

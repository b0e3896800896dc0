import { createHash } from 'node:crypto';
import type { Dialect, Sealing } from './dialect.ts';
import { writeWord } from './imgix-words.ts';
import { sealed } from './seals.ts';
import { sourceIn } from './sources.ts';
import { fraction, Spelling } from './spelling.ts';

const sealing: Sealing = {
  expected: 'the secure URL token of the source',
  isKey: (text) => /^[A-Za-z0-9]{1,64}$/.test(text),
  sealOf({ path, query }, keys) {
    const words = query === '' ? [] : query.split('&');
    const sent = words.findLast((word) => word.startsWith('s='))?.slice(2);
    if (sent === undefined) return 'unsigned';
    const rest = words.filter((word) => !word.startsWith('s=')).join('&');
    const signed = `/${path}${rest === '' ? '' : `?${rest}`}`;
    // MD5 is what imgix signs with.
    const made = keys.map((key) => createHash('md5').update(`${key}${signed}`, 'latin1').digest('hex'));
    return sealed(sent, made);
  },
};

type Query = ReadonlyMap<string, string>;

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

/** First of all: a rectangle of the source. */
function cut(spelling: Spelling, rect: string): void {
  const from = `rect=${rect}`;
  const [x = '', y = '', w = '', h = '', ...rest] = rect.split(',');
  const printed = (text: string) => (text === 'full' ? '1.0' : text.includes('.') ? (fraction(text) ?? text) : text);
  if (rest.length > 0) spelling.wrong(from, 'x, y, width and height');
  spelling.word('c', 'crop', from);
  spelling.word('x', x === 'left' ? '0' : printed(x), from);
  spelling.word('y', y === 'top' ? '0' : printed(y), from);
  spelling.word('w', printed(w), from);
  spelling.word('h', printed(h), from);
  spelling.next();
}

/** Up to 1 it is a share of the source. */
function writeSide(spelling: Spelling, key: 'w' | 'h', text: string, from: string): void {
  const share = Number(text) <= 1 ? fraction(text) : null;
  spelling.word(key, share ?? String(Math.round(Number(text))), from);
}

function writeBox(spelling: Spelling, query: Query): void {
  const [w, h, ar] = [query.get('w'), query.get('h'), query.get('ar')];
  const fit = query.get('fit') ?? 'clip';
  if (w !== undefined) writeSide(spelling, 'w', w, `w=${w}`);
  if (h !== undefined) writeSide(spelling, 'h', h, `h=${h}`);
  const isRatio = ar !== undefined && (w === undefined) !== (h === undefined) && fit === 'crop';
  if (isRatio) spelling.word('ar', ar, `ar=${ar}`);
  else if (ar !== undefined) spelling.approximate(`ar=${ar}`, 'has a say beside one side and fit=crop alone, as there');
  const mode = modes[fit];
  if (mode === undefined) return spelling.refuse(`fit=${fit}`, `one of ${Object.keys(modes).join(', ')}`);
  const isFull = isRatio || (w !== undefined && h !== undefined);
  if (w === undefined && h === undefined) return;
  // With one side, every mode keeps the ratio and cuts nothing.
  spelling.word('c', isFull ? mode : ['max', 'min', 'fillmax'].includes(fit) ? 'limit' : 'fit', `fit=${fit}`);
  if (!isFull) return;
  if (fit === 'crop' || fit === 'min') writePlace(spelling, query);
  if (fit.startsWith('fill')) writeCanvas(spelling, query);
}

function writePlace(spelling: Spelling, query: Query): void {
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
  if (words.some((word) => word === 'faces' || word === 'edges')) {
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

function writeCanvas(spelling: Spelling, query: Query): void {
  const [fill = 'solid', colour = 'white'] = [query.get('fill'), query.get('fill-color')];
  if (fill === 'blur') spelling.word('b', 'blurred', `fill=${fill}`);
  else if (fill === 'solid') spelling.word('b', colour.toLowerCase(), `fill-color=${colour}`);
  else spelling.refuse(`fill=${fill}`, 'solid and blur');
}

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
  's',
  'ixlib',
  'ixid',
];

/** `/{path}?w=…&fit=…` (docs.imgix.com/apis/rendering): the order of words never matters there. */
export const imgix: Dialect = {
  name: 'imgix',
  product: 'imgix',
  prefix: '/imgix',
  example: '/users/1.png?w=400&h=300&fit=crop',
  sealing,
  translate({ path, query }) {
    const spelling = new Spelling(`${path}?${query}`);
    const words: Query = new Map(new URLSearchParams(query));
    const rect = words.get('rect');
    if (rect !== undefined) cut(spelling, rect);
    writeBox(spelling, words);
    const last = ['rot', 'flip'];
    const rest = [...words].filter(([name]) => !together.includes(name));
    for (const [name, value] of rest.filter(([name]) => !last.includes(name))) writeWord(spelling, name, value);
    for (const [name, value] of rest.filter(([name]) => last.includes(name))) writeWord(spelling, name, value);
    return spelling.translation(sourceIn(spelling, path));
  },
};

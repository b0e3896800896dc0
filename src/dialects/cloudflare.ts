import type { Dialect } from './dialect.ts';
import { ownValue } from './own-value.ts';
import { sourceIn } from './sources.ts';
import { blurOf, decoded, fraction, numberIn, TransformWriter } from './spelling.ts';

const aliases: Readonly<Record<string, string>> = {
  w: 'width',
  h: 'height',
  q: 'quality',
  f: 'format',
  g: 'gravity',
  scq: 'slow-connection-quality',
};

const modes: Readonly<Record<string, string>> = {
  'scale-down': 'limit',
  contain: 'fit',
  cover: 'fill',
  crop: 'lfill',
  'aspect-crop': 'lfill',
  pad: 'pad',
  squeeze: 'scale',
};

const compass: Readonly<Record<string, string>> = {
  auto: 'auto',
  left: 'west',
  right: 'east',
  top: 'north',
  bottom: 'south',
  center: 'center',
};

/** Words for qualities, which it documents without numbers. */
const qualities: Readonly<Record<string, string>> = {
  high: 'auto:best',
  'medium-high': 'auto',
  'medium-low': 'auto:eco',
  low: 'auto:low',
};

type Write = (spelling: TransformWriter, value: string, from: string) => void;

/** CSS colours, those by their channels in hex. */
function colourOf(text: string): string {
  const plain = decoded(text) ?? text;
  const channels = /^rgb\(([\d ,]+)\)$/.exec(plain)?.[1]?.split(/[ ,]+/) ?? [];
  if (channels.length !== 3) return plain.replace(/^#/, '');
  return channels.map((each) => Number(each).toString(16).padStart(2, '0')).join('');
}

/** A factor of which 1 changes nothing, as a level of ours of which 0 changes nothing. */
const byFactor =
  (name: 'saturation' | 'gamma'): Write =>
  (spelling, value, from) => {
    const factor = numberIn(value);
    if (factor === null || factor < 0) return spelling.wrong(from, 'a factor such as 0.5');
    if (name === 'saturation' && factor === 0) return spelling.word('e', 'grayscale', from);
    if (factor !== 1) spelling.word('e', `${name}:${Math.round(100 * (factor - 1))}`, from);
    spelling.approximate(from, `the formula is that of e_${name}`);
  };

const writers: Readonly<Record<string, Write>> = {
  width: (spelling, value, from) => spelling.word('w', value, from),
  height: (spelling, value, from) => spelling.word('h', value, from),
  dpr: (spelling, value, from) => spelling.word('dpr', value, from),
  quality(spelling, value, from) {
    const named = ownValue(qualities, value);
    spelling.word('q', named ?? value, from);
    if (named !== undefined) spelling.approximate(from, `is q_${named}`);
  },
  format(spelling, value, from) {
    if (value === 'json') return spelling.refuse(from, '/info for facts');
    spelling.word('f', value === 'baseline-jpeg' ? 'jpg' : value, from);
    if (value === 'jpeg') spelling.flag('progressive');
  },
  background: (spelling, value, from) => spelling.word('b', colourOf(value), from),
  blur(spelling, value, from) {
    const radius = numberIn(value);
    if (radius === null || radius < 1 || radius > 250) return spelling.wrong(from, 'a blur from 1 to 250');
    spelling.word('e', blurOf(radius / 2), from);
    spelling.approximate(from, 'a Gaussian of half that many pixels');
  },
  sharpen(spelling, value, from) {
    if (value === '0') return;
    spelling.word('e', 'sharpen', from);
    spelling.approximate(from, 'sharpened as much as e_sharpen does, whatever the strength');
  },
  saturation: byFactor('saturation'),
  gamma: byFactor('gamma'),
  anim(spelling, value, from) {
    if (value === 'false') spelling.word('pg', 1, from);
    else if (value !== 'true') spelling.wrong(from, 'true or false');
  },
  metadata(spelling, value, from) {
    if (value === 'copyright') spelling.flag('keep_attribution');
    else if (value !== 'none') spelling.refuse(from, 'metadata=copyright and metadata=none');
  },
  /** An error is always told as one: the original is never sent instead. */
  onerror: (spelling, _value, from) => spelling.approximate(from, 'an error is an error'),
  compression: (spelling, _value, from) => spelling.approximate(from, 'formats stay as they were asked for'),
  'slow-connection-quality': (spelling, _value, from) => spelling.approximate(from, 'connections are all alike here'),
};

/** Looked at together. */
const together = ['fit', 'gravity', 'flip', 'rotate', 'trim.left', 'trim.top', 'trim.width', 'trim.height'];

type Options = ReadonlyMap<string, string>;

/** First of all. Edges that are cut off (`trim=`) would need the source's size. */
function cut(spelling: TransformWriter, options: Options): void {
  const [x = '0', y = '0', w, h] = ['left', 'top', 'width', 'height'].map((name) => options.get(`trim.${name}`));
  if (!together.some((name) => name.startsWith('trim.') && options.has(name))) return;
  if (w === undefined || h === undefined) return spelling.wrong('trim.', 'trim.width beside trim.height');
  if (options.has('dpr')) spelling.refuse(`dpr=${options.get('dpr')}`, 'no ratio beside a rectangle');
  spelling.word('c', 'crop', 'trim.');
  for (const [key, value] of Object.entries({ x, y, w, h })) spelling.word(key as 'x' | 'y' | 'w' | 'h', value, value);
  spelling.next();
}

const flips: Readonly<Record<string, string>> = { h: 'hflip', v: 'vflip', hv: 'hflip.vflip' };

/** Mirrors come before turns, and sides are those of the turned picture, as ours are. */
function turn(spelling: TransformWriter, options: Options): void {
  const [flip, rotate] = [options.get('flip'), options.get('rotate')];
  const mirror = ownValue(flips, flip ?? '');
  if (flip !== undefined && mirror === undefined) return spelling.wrong(`flip=${flip}`, 'h, v or hv');
  if (rotate !== undefined && !['0', '90', '180', '270'].includes(rotate)) {
    return spelling.wrong(`rotate=${rotate}`, '90, 180 or 270');
  }
  const turns = [mirror, rotate].filter((each) => each !== undefined);
  if (turns.length > 0) spelling.word('a', turns.join('.'), `flip=${flip}`);
}

function place(spelling: TransformWriter, options: Options): void {
  const [fit, gravity] = [options.get('fit') ?? 'scale-down', options.get('gravity')];
  const mode = ownValue(modes, fit);
  if (mode === undefined) return spelling.refuse(`fit=${fit}`, `one of ${Object.keys(modes).join(', ')}`);
  spelling.word('c', mode, `fit=${fit}`);
  if (fit === 'crop' && options.has('width') && options.has('height')) {
    spelling.approximate('fit=crop', 'of a source smaller than the box, the largest cut of its ratio (as aspect-crop)');
  }
  if (fit === 'pad' && !options.has('background')) spelling.word('b', 'white', `fit=${fit}`);
  if (gravity === undefined || !['fill', 'lfill', 'pad'].includes(mode)) return;
  const from = `gravity=${gravity}`;
  const [x = '', y = ''] = gravity.split('x');
  const ours = gravity === 'face' ? 'auto' : ownValue(compass, gravity);
  if (gravity === 'face') spelling.approximate(from, 'faces are not looked for: what draws the eye stays');
  if (ours !== undefined) return spelling.word('g', ours, from);
  const [across, down] = [fraction(x), fraction(y)];
  if (across === null || down === null) return spelling.wrong(from, 'a side, auto, or two shares such as 0.5x0.2');
  spelling.word('g', 'xy_center', from);
  spelling.word('x', across, from);
  spelling.word('y', down, from);
}

/** `/cdn-cgi/image/{option=value,…}/{path or URL}` (developers.cloudflare.com/images/transform-images/transform-via-url). */
export const cloudflareDialect: Dialect = {
  name: 'cloudflare',
  product: 'Cloudflare Images',
  prefix: '/cdn-cgi/image',
  example: '/width=80,quality=75/uploads/avatar1.jpg',
  signing: null,
  translate({ path, query }) {
    const spelling = new TransformWriter(path);
    const [text = '', ...rest] = path.split('/');
    // Of the picture's own URL.
    const asked = query === '' ? '' : `?${query}`;
    const found = text.split(',').map((from) => {
      const [, name = '', value = ''] = /^([a-z.-]+)=(.+)$/.exec(from) ?? [];
      return { name: ownValue(aliases, name) ?? name, value, from };
    });
    const options: Options = new Map(found.map(({ name, value }) => [name, value]));
    cut(spelling, options);
    for (const { name, value, from } of found) {
      const write = ownValue(writers, name);
      if (write !== undefined) write(spelling, value, from);
      else if (!together.includes(name)) spelling.refuse(from);
    }
    turn(spelling, options);
    place(spelling, options);
    return spelling.translation(sourceIn(spelling, rest.join('/') + asked));
  },
};

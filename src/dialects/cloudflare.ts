import type { Dialect } from './dialect.ts';
import { sourceIn } from './sources.ts';
import { blurOf, decoded, fraction, numberIn, Spelling } from './spelling.ts';

const aliases: Readonly<Record<string, string>> = { w: 'width', h: 'height', q: 'quality', f: 'format', g: 'gravity' };

const modes: Readonly<Record<string, string>> = {
  'scale-down': 'limit',
  contain: 'fit',
  cover: 'fill',
  crop: 'lfill',
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

type Write = (spelling: Spelling, value: string, from: string) => void;

const writers: Readonly<Record<string, Write>> = {
  width: (spelling, value, from) => spelling.word('w', value, from),
  height: (spelling, value, from) => spelling.word('h', value, from),
  dpr: (spelling, value, from) => spelling.word('dpr', value, from),
  quality(spelling, value, from) {
    spelling.word('q', qualities[value] ?? value, from);
    if (Object.hasOwn(qualities, value)) spelling.approximate(from, `is q_${qualities[value]}`);
  },
  format(spelling, value, from) {
    if (value === 'json') return spelling.refuse(from, '/info for facts');
    spelling.word('f', value === 'baseline-jpeg' ? 'jpg' : value, from);
    if (value === 'jpeg') spelling.flag('progressive');
  },
  background: (spelling, value, from) => spelling.word('b', (decoded(value) ?? value).replace(/^#/, ''), from),
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
  saturation(spelling, value, from) {
    if (value === '0') spelling.word('e', 'grayscale', from);
    else if (value !== '1') spelling.refuse(from, 'no factor of saturation but 0 and 1');
  },
  rotate: (spelling, value, from) => spelling.word('a', value, from),
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
};

/** Looked at together. */
const placing = ['fit', 'gravity', 'trim'];

/** Edges that are cut off first, in pixels: only those from the left and the top can be told without the source. */
function place(spelling: Spelling, options: ReadonlyMap<string, string>): void {
  if (options.has('trim')) spelling.refuse(`trim=${options.get('trim')}`);
  const [fit, gravity] = [options.get('fit') ?? 'scale-down', options.get('gravity')];
  const mode = modes[fit];
  if (mode === undefined) return spelling.refuse(`fit=${fit}`, `one of ${Object.keys(modes).join(', ')}`);
  spelling.word('c', mode, `fit=${fit}`);
  if (fit === 'pad' && !options.has('background')) spelling.word('b', 'white', `fit=${fit}`);
  if (gravity === undefined || !['fill', 'lfill', 'pad'].includes(mode)) return;
  const from = `gravity=${gravity}`;
  const [x = '', y = ''] = gravity.split('x');
  const ours = gravity === 'face' ? 'auto' : compass[gravity];
  if (gravity === 'face') spelling.approximate(from, 'faces are not looked for: what draws the eye stays');
  if (ours !== undefined) return spelling.word('g', ours, from);
  const [across, down] = [fraction(x), fraction(y)];
  if (across === null || down === null) return spelling.wrong(from, 'a side, auto, or two shares such as 0.5x0.2');
  spelling.word('g', 'xy_center', from);
  spelling.word('x', across, from);
  spelling.word('y', down, from);
}

/** `/cdn-cgi/image/{option=value,…}/{path or URL}` (developers.cloudflare.com/images/transform-images/transform-via-url). */
export const cloudflare: Dialect = {
  name: 'cloudflare',
  product: 'Cloudflare Images',
  prefix: '/cdn-cgi/image',
  example: '/width=80,quality=75/uploads/avatar1.jpg',
  sealing: null,
  translate({ path, query }) {
    const spelling = new Spelling(path);
    const [text = '', ...rest] = path.split('/');
    // Of the picture's own URL.
    const asked = query === '' ? '' : `?${query}`;
    const options = new Map<string, string>();
    for (const from of text.split(/[,;]/)) {
      const [, name = '', value = ''] = /^([a-z-]+)=(.+)$/.exec(from) ?? [];
      const full = Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
      options.set(full, value);
      const write = Object.hasOwn(writers, full) ? writers[full] : undefined;
      if (write !== undefined) write(spelling, value, from);
      else if (!placing.includes(full)) spelling.refuse(from);
    }
    place(spelling, options);
    return spelling.translation(sourceIn(spelling, rest.join('/') + asked));
  },
};

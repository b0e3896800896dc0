import type { Dialect } from './dialect.ts';
import { ownValue } from './own-value.ts';
import { sourceIn } from './sources.ts';
import { blurOf, decoded, numberIn, TransformWriter } from './spelling.ts';

/** What is asked for, before it is known what goes with what. */
type Modifiers = ReadonlyMap<string, { readonly value: string; readonly from: string }>;

const longNames: Readonly<Record<string, string>> = {
  width: 'w',
  height: 'h',
  resize: 's',
  format: 'f',
  quality: 'q',
  background: 'b',
  position: 'pos',
  extract: 'crop',
  a: 'animated',
};

/** sharp's `fit`, of a box that is cut down to the source beforehand, or of one that may enlarge. */
const modes: Readonly<Record<string, readonly [usual: string, enlarging: string]>> = {
  cover: ['lfill', 'fill'],
  fill: ['scale', 'scale'],
  inside: ['limit', 'fit'],
};

const places: Readonly<Record<string, string>> = {
  center: 'center',
  centre: 'center',
  top: 'north',
  right: 'east',
  bottom: 'south',
  left: 'west',
  north: 'north',
  northeast: 'north_east',
  east: 'east',
  southeast: 'south_east',
  south: 'south',
  southwest: 'south_west',
  west: 'west',
  northwest: 'north_west',
  attention: 'auto',
  entropy: 'auto:entropy',
};

type Write = (spelling: TransformWriter, value: string, from: string) => void;

/** Words that stand for themselves. */
const writers: Readonly<Record<string, Write>> = {
  q: (spelling, value, from) => spelling.word('q', value, from),
  f: (spelling, value, from) => spelling.word('f', value, from),
  blur(spelling, value, from) {
    const sigma = numberIn(value);
    if (sigma === null || sigma < 0.3) spelling.wrong(from, 'a standard deviation from 0.3');
    else spelling.word('e', blurOf(sigma), from);
  },
  grayscale: (spelling, _value, from) => spelling.word('e', 'grayscale', from),
  negate: (spelling, _value, from) => spelling.word('e', 'negate', from),
  normalize(spelling, _value, from) {
    spelling.word('e', 'normalize', from);
    spelling.approximate(from, 'spreads the channels, not the lightness of CIELAB');
  },
  median: (spelling, value, from) => spelling.word('e', value === '' ? 'median' : `median:${value}`, from),
  threshold(spelling, value, from) {
    spelling.word('e', value === '' ? 'threshold' : `threshold:${value}`, from);
    spelling.approximate(from, 'pixels close to the threshold may fall on its other side');
  },
  sharpen(spelling, value, from) {
    spelling.word('e', 'sharpen', from);
    if (value !== '') spelling.approximate(from, 'sharpened as much as e_sharpen does, whatever the sigma');
  },
  // Animations stay animations here wherever the format has room for them.
  animated: () => undefined,
  // In its documentation, and of no effect there (IPX 3.1.1).
  embed: (spelling, _value, from) => spelling.approximate(from, 'has no effect, as there'),
  flatten: (spelling, _value, from) => spelling.approximate(from, 'transparency ends where the format or b_ says so'),
};

function cropped(spelling: TransformWriter, value: string, from: string): void {
  const [left = '', top = '', width = '', height = '', ...rest] = value.split('_');
  if (rest.length > 0) spelling.wrong(from, 'left, top, width and height');
  spelling.word('c', 'crop', from);
  spelling.word('x', left, from);
  spelling.word('y', top, from);
  spelling.word('w', width, from);
  spelling.word('h', height, from);
}

function sized(spelling: TransformWriter, modifiers: Modifiers): void {
  const [w, h, s] = [modifiers.get('w'), modifiers.get('h'), modifiers.get('s')];
  const enlarges = modifiers.has('enlarge');
  if (s === undefined) {
    // Each is a resize of its own there, and the last one stands.
    if (w !== undefined && h !== undefined) spelling.approximate(h.from, 'has no say beside a width, as there');
    const side = w ?? h;
    if (side === undefined) return;
    spelling.word(w === undefined ? 'h' : 'w', side.value, side.from);
    if (enlarges) spelling.word('c', 'fit', side.from);
    return;
  }
  const [, width = '', height = width] = /^(\d+)(?:x(\d+))?$/.exec(s.value) ?? [];
  if (width === '') return spelling.wrong(s.from, 'two sides with an x between them');
  spelling.word('w', width, s.from);
  spelling.word('h', height, s.from);
  const fit = modifiers.get('fit');
  const mode = ownValue(modes, fit?.value ?? 'cover');
  if (mode === undefined) return spelling.refuse(fit?.from ?? '', 'cover, fill and inside');
  if (mode[0] !== 'lfill' && !enlarges) {
    spelling.approximate(s.from, 'a box larger than the source is not made smaller, in its ratio, first');
  }
  spelling.word('c', mode[enlarges ? 1 : 0], s.from);
  placed(spelling, modifiers);
}

function placed(spelling: TransformWriter, modifiers: Modifiers): void {
  const position = modifiers.get('pos');
  if (position === undefined || (modifiers.get('fit')?.value ?? 'cover') !== 'cover') return;
  const gravity = ownValue(places, position.value.replaceAll(/[ _]/g, ''));
  if (gravity === undefined) return spelling.refuse(position.from, `one of ${Object.keys(places).join(', ')}`);
  spelling.word('g', gravity, position.from);
}

/** Keys that stand behind `rotate` in the alphabet, by which words are done there. */
const behindRotate = /^(?:s|w|width)[:=_]/;

/**
 * A quarter turn that comes before the size is one of what is sized, mirrors before turns. A turn behind a size or a cut gives
 * pictures there that nobody can have meant (IPX 3.1.1), so it has no counterpart.
 */
function writeShape(spelling: TransformWriter, modifiers: Modifiers): void {
  const rotate = modifiers.get('rotate');
  const angle = numberIn(rotate?.value ?? '0');
  if (angle === null || !Number.isInteger(angle)) return spelling.wrong(rotate?.from ?? '', 'whole degrees');
  const flips = [...(modifiers.has('flip') ? ['vflip'] : []), ...(modifiers.has('flop') ? ['hflip'] : [])];
  const turns = [...flips, ...(angle % 360 === 0 ? [] : [String(angle % 360)])];
  if (turns.length > 0) spelling.word('a', turns.join('.'), rotate?.from ?? '');
  if (angle % 90 !== 0 && !modifiers.has('b')) {
    spelling.approximate(rotate?.from ?? '', 'the corners are white or clear, not black');
  }
  const sizes = ['w', 'h', 's', 'crop'].flatMap((key) => modifiers.get(key)?.from ?? []);
  const isOdd = angle % 90 !== 0 || !sizes.every((from) => behindRotate.test(from));
  if (angle % 360 !== 0 && sizes.length > 0 && isOdd) {
    spelling.refuse(rotate?.from ?? '', 'no turn but quarter turns, and those beside w_ and s_ alone');
  }
  sized(spelling, modifiers);
}

const usualQuality: Readonly<Record<string, number>> = { webp: 80, avif: 50 };

/** Words that are looked at together. */
const shaping = ['w', 'h', 's', 'fit', 'pos', 'enlarge', 'crop', 'b', 'rotate', 'flip', 'flop'];

function modifiersIn(spelling: TransformWriter, text: string): Modifiers {
  const found = new Map<string, { value: string; from: string }>();
  if (text === '_') return found;
  for (const from of text.split(/[&,]/)) {
    const [key = '', ...values] = from.split(/[:=_]/);
    const value = decoded(values.join('_'));
    if (value === null) spelling.wrong(from, 'percent-encoded UTF-8');
    else found.set(ownValue(longNames, key) ?? key, { value, from });
  }
  return found;
}

/**
 * `/_ipx/{modifiers}/{path}` (github.com/unjs/ipx): `w` and `h` never enlarge, `s` covers its box, which is made smaller, in its
 * ratio, where it is larger than the source. What comes first there comes first here: cuts, then sizes, then the rest.
 */
export const ipxDialect: Dialect = {
  name: 'ipx',
  product: 'IPX and Nuxt Image',
  prefix: '/_ipx',
  example: '/w_400,f_webp/cat.jpg',
  signing: null,
  translate({ path, query }) {
    const spelling = new TransformWriter(path);
    if (query !== '') spelling.refuse(`?${query}`);
    const [text = '', ...rest] = path.split('/');
    const modifiers = modifiersIn(spelling, text);
    const crop = modifiers.get('crop');
    if (crop !== undefined) {
      cropped(spelling, crop.value, crop.from);
      spelling.next();
    }
    writeShape(spelling, modifiers);
    for (const [key, { value, from }] of modifiers) {
      const write = ownValue(writers, key);
      if (write !== undefined) write(spelling, value, from);
      else if (!shaping.includes(key)) spelling.refuse(from);
    }
    // sharp's own, where nothing is said.
    const quality = ownValue(usualQuality, modifiers.get('f')?.value ?? '');
    if (quality !== undefined && !modifiers.has('q')) spelling.word('q', quality, '');
    const background = modifiers.get('b');
    if (background !== undefined) spelling.word('b', background.value.replace(/^#/, ''), background.from);
    return spelling.translation(sourceIn(spelling, rest.join('/')));
  },
};

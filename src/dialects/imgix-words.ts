import { ownValue } from './own-value.ts';
import { blurOf, numberIn, type TransformWriter } from './spelling.ts';

type Write = (spelling: TransformWriter, value: string, from: string) => void;

/** The last of each, but for `auto`. */
export type Query = ReadonlyMap<string, string>;

/** Of the same range; the formulas are not told there. */
const effect =
  (name: string): Write =>
  (spelling, value, from) => {
    if (value === '0') return;
    spelling.word('e', `${name}:${value}`, from);
    spelling.approximate(from, `the formula is that of e_${name}`);
  };

/** Keywords, and digits of which the alpha comes first. */
export function imgixColour(text: string): string {
  const plain = text.toLowerCase();
  return /^[0-9a-f]+$/.test(plain) ? plain.replace(/^(.)(...)$/, '$2$1').replace(/^(..)(......)$/, '$2$1') : plain;
}

/** Turns and mirrors are one word of ours. */
const flips: Readonly<Record<string, string>> = { h: 'hflip', v: 'vflip', hv: 'hflip.vflip', vh: 'hflip.vflip' };

/** Words that say the same whatever stands beside them. */
const writers: Readonly<Record<string, Write>> = {
  q: (spelling, value, from) => spelling.word('q', value, from),
  dpr: (spelling, value, from) => spelling.word('dpr', value, from),
  fm(spelling, value, from) {
    spelling.word('f', value === 'pjpg' ? 'jpg' : value.replace(/^png(8|32)$/, 'png'), from);
    if (value === 'pjpg') spelling.flag('progressive');
    if (value === 'png8') spelling.flag('lossy');
  },
  lossless(spelling, value, from) {
    if (['1', 'true'].includes(value)) spelling.flag('lossless');
    else if (!['0', 'false'].includes(value)) spelling.wrong(from, '0 or 1');
  },
  bg: (spelling, value, from) => spelling.word('b', imgixColour(value), from),
  /** The frame stays as it is there, and only half a turn fills it. */
  rot(spelling, value, from) {
    if (value === '180') turn(spelling, '180', from);
    else if (value !== '0') spelling.refuse(from, 'rot=180 and orient, which turns the frame');
  },
  flip(spelling, value, from) {
    const ours = ownValue(flips, value);
    if (ours === undefined) spelling.wrong(from, 'h, v or hv');
    else turn(spelling, ours, from);
  },
  blur(spelling, value, from) {
    const strength = numberIn(value);
    if (strength === null || strength < 0 || strength > 2000) return spelling.wrong(from, 'a number from 0 to 2000');
    if (strength > 0) spelling.word('e', blurOf(strength / 10), from);
    spelling.approximate(from, 'a Gaussian of a tenth of that many pixels');
  },
  sharp(spelling, value, from) {
    if (value === '0') return;
    spelling.word('e', 'sharpen', from);
    spelling.approximate(from, 'sharpened as much as e_sharpen does, whatever the strength');
  },
  bri: effect('brightness'),
  con: effect('contrast'),
  sat: effect('saturation'),
  sepia: effect('sepia'),
  px(spelling, value, from) {
    if (value !== '0' && value !== '1') spelling.word('e', `pixelate:${value}`, from);
  },
  invert(spelling, value, from) {
    if (value === 'true') spelling.word('e', 'negate', from);
    else if (value !== 'false') spelling.wrong(from, 'true or false');
  },
  page: (spelling, value, from) => spelling.word('pg', value, from),
  frame: (spelling, value, from) => spelling.word('pg', value, from),
  dpi: (spelling, value, from) => spelling.word('dn', value, from),
  dl: (spelling) => spelling.flag('attachment'),
};

/** Behind the other words: a quality that is said by itself stands, a format does not. */
export function writeAuto(spelling: TransformWriter, value: string, query: Query): void {
  for (const word of value.split(',')) {
    if (word === 'format') {
      spelling.word('f', 'auto', `auto=${value}`);
      if (query.has('fm')) spelling.approximate(`fm=${query.get('fm')}`, 'has no say beside auto=format');
    } else if (word === 'compress') {
      if (!query.has('q')) spelling.word('q', 45, `auto=${value}`);
      spelling.approximate('auto=compress', 'is q=45; the format is as auto=format or fm have it');
    } else spelling.refuse(`auto=${value}`, 'auto=format and auto=compress');
  }
}

/** A radius counts beside `mask=corners` alone, which without one would take a fifth of the smaller side. */
export function writeMask(spelling: TransformWriter, query: Query): void {
  const [mask, radius] = [query.get('mask'), query.get('corner-radius')];
  if (mask === 'corners' && radius !== undefined) {
    spelling.word('r', radius.replaceAll(',', ':'), `corner-radius=${radius}`);
  } else if (mask === 'ellipse') {
    spelling.word('r', 'max', 'mask=ellipse');
    spelling.approximate('mask=ellipse', 'an ellipse where the picture is square, else the ends are half circles');
  } else if (mask !== undefined) {
    spelling.refuse(`mask=${mask}`, 'mask=ellipse, and mask=corners beside corner-radius');
  } else if (radius !== undefined) {
    spelling.approximate(`corner-radius=${radius}`, 'has no effect without mask=corners, as there');
  }
}

/** After everything else. */
function turn(spelling: TransformWriter, turns: string, from: string): void {
  if (spelling.has('a')) return spelling.refuse(from, 'either rot or flip');
  spelling.next();
  spelling.word('a', turns, from);
}

export function writeWord(spelling: TransformWriter, name: string, value: string): void {
  const from = `${name}=${value}`;
  const write = ownValue(writers, name);
  if (write === undefined) spelling.refuse(from);
  else write(spelling, value, from);
}

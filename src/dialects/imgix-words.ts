import { blurOf, numberIn, type Spelling } from './spelling.ts';

type Write = (spelling: Spelling, value: string, from: string) => void;

const effect =
  (name: string): Write =>
  (spelling, value, from) => {
    if (value !== '0') spelling.word('e', `${name}:${value}`, from);
  };

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
  auto(spelling, value, from) {
    for (const word of value.split(',')) {
      if (word === 'format') spelling.word('f', 'auto', from);
      else if (word === 'compress') spelling.word('q', 'auto', from);
      else spelling.refuse(`auto=${value}`, 'auto=format and auto=compress');
    }
    if (value.includes('compress')) spelling.approximate(from, 'the quality is q_auto');
  },
  lossless(spelling, value, from) {
    if (['1', 'true'].includes(value)) spelling.flag('lossless');
    else if (!['0', 'false'].includes(value)) spelling.wrong(from, '0 or 1');
  },
  bg: (spelling, value, from) => spelling.word('b', value.toLowerCase(), from),
  rot(spelling, value, from) {
    const angle = numberIn(value);
    if (angle === null || !Number.isInteger(angle)) return spelling.wrong(from, 'whole degrees');
    // Counter-clockwise there.
    const ours = (360 - (((angle % 360) + 360) % 360)) % 360;
    if (ours === 0) return;
    spelling.approximate(from, 'is done once the picture has its size');
    turn(spelling, String(ours), from);
  },
  flip(spelling, value, from) {
    const ours = flips[value];
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
  'corner-radius': (spelling, value, from) => spelling.word('r', value.replaceAll(',', ':'), from),
  mask(spelling, value, from) {
    if (value === 'ellipse') {
      spelling.word('r', 'max', from);
      spelling.approximate(from, 'an ellipse where the picture is square, else the ends are half circles');
    } else if (value !== 'corners') spelling.refuse(from, 'corners and ellipse');
  },
  page: (spelling, value, from) => spelling.word('pg', value, from),
  frame: (spelling, value, from) => spelling.word('pg', value, from),
  dpi: (spelling, value, from) => spelling.word('dn', value, from),
  dl: (spelling) => spelling.flag('attachment'),
};

/** After everything else. */
function turn(spelling: Spelling, turns: string, from: string): void {
  if (spelling.has('a')) return spelling.refuse(from, 'either rot or flip');
  spelling.next();
  spelling.word('a', turns, from);
}

export function writeWord(spelling: Spelling, name: string, value: string): void {
  const from = `${name}=${value}`;
  const write = Object.hasOwn(writers, name) ? writers[name] : undefined;
  if (write === undefined) spelling.refuse(from);
  else write(spelling, value, from);
}

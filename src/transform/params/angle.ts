import { numberFrom } from './control.ts';
import { type Parameter, readInteger } from './param.ts';

/**
 * Any joined turns and flips come down to this: mirror left to right first, then turn clockwise.
 * `exif` is false where the picture's own orientation is to be ignored.
 */
export interface Angle {
  readonly exif: boolean;
  readonly mirror: boolean;
  /** 0 to 359 degrees clockwise. */
  readonly degrees: number;
}

const start: Angle = { exif: true, mirror: false, degrees: 0 };

/** A mirror after a turn is the opposite turn after a mirror; an upside-down flip is a mirror and half a turn. */
function then(before: Angle, part: string): Angle | null {
  if (part === 'hflip') return { ...before, mirror: !before.mirror, degrees: (360 - before.degrees) % 360 };
  if (part === 'vflip') return { ...before, mirror: !before.mirror, degrees: (540 - before.degrees) % 360 };
  const degrees = readInteger(part, -359, 359);
  return degrees === null ? null : { ...before, degrees: (before.degrees + degrees + 360) % 360 };
}

function readParts(text: string): Angle | null {
  const [first = '', ...rest] = text.split('.');
  const named = first === 'auto' || first === 'ignore';
  const turns = named ? rest : [first, ...rest];
  if (turns.length > 4) return null;
  let angle: Angle | null = { ...start, exif: first !== 'ignore' };
  for (const part of turns) angle = angle === null ? null : then(angle, part);
  return angle;
}

export const angle: Parameter<Angle> = {
  key: 'a',
  name: 'angle',
  meaning:
    'Turns clockwise and flips, joined by dots and done from left to right; `ignore` leaves the EXIF orientation out.',
  values: 'an integer from -359 to 359, hflip, vflip, auto or ignore, joined by dots (at most four turns)',
  fallback: '`auto`: upright as EXIF says',
  samples: ['90', '-90', '0', '359', 'hflip', 'vflip', 'auto', 'ignore', 'hflip.90', '10.hflip', 'ignore.180'],
  wrong: ['360', '-360', '90.x', 'flip', '90.', '.90', 'auto.auto', '90.auto', '1.1.1.1.1'],
  place: 'each',
  control: numberFrom(-359, 359, { choices: ['hflip', 'vflip', 'ignore', 'hflip.90'] }),
  parse: readParts,
  print(value) {
    const turned = value.degrees === 0 ? [] : [String(value.degrees)];
    const turns = value.mirror ? (value.degrees === 180 ? ['vflip'] : ['hflip', ...turned]) : turned;
    const parts = value.exif ? turns : ['ignore', ...turns];
    return parts.length === 0 ? null : parts.join('.');
  },
};

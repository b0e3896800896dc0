import { numberFrom } from './control.ts';
import { type Parameter, readInteger } from './param.ts';

/** Of the four corners clockwise from the top left, in pixels before the density; `max` is half the shorter side. */
export type Radius = readonly [topLeft: number, topRight: number, bottomRight: number, bottomLeft: number] | 'max';

const most = 4096;

function readCorners(text: string): Radius | null {
  const corners = text.split(':').map((part) => readInteger(part, 0, most));
  const [a = null, b = null, c = null, d = null] = corners;
  if (corners.length === 1 && a !== null) return [a, a, a, a];
  if (corners.length !== 4 || a === null || b === null || c === null || d === null) return null;
  return [a, b, c, d];
}

export const radius: Parameter<Radius> = {
  key: 'r',
  name: 'corner radius',
  meaning:
    'Rounds the corners, all alike or each by itself clockwise from the top left, at most by half the shorter side (`max`); `dpr` multiplies it.',
  values: `an integer from 0 to ${most}, four of them joined by colons, or max`,
  fallback: '0',
  samples: ['20', '0', '4096', 'max', '10:20:30:40', '0:0:16:16'],
  wrong: ['-1', '4097', '10:20', '10:20:30', '1:2:3:4:5', '10:20:30:max', '10:20:30:', ':', '1.5', 'MAX', '50%'],
  place: 'each',
  control: numberFrom(0, most, { of: 'height', choices: ['max', '0:0:24:24'] }),
  parse: (text) => (text === 'max' ? 'max' : readCorners(text)),
  print(value) {
    if (value === 'max') return value;
    const [first, ...rest] = value;
    if (rest.some((corner) => corner !== first)) return value.join(':');
    return first === 0 ? null : String(first);
  },
};

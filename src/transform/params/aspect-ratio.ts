import { type Parameter, printNumber, readInteger, readNumber } from './param.ts';

/** Kept as spelled by kind, so that 16:9 does not become 1.7778. */
export interface AspectRatio {
  readonly ratio: number;
  readonly spelling: string;
}

const least = 0.05;
const most = 20;

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function readPair(text: string): AspectRatio | null {
  const [left = '', right = '', ...rest] = text.split(':');
  const a = readInteger(left, 1, 9999);
  const b = readInteger(right, 1, 9999);
  if (rest.length > 0 || a === null || b === null || a / b < least || a / b > most) return null;
  const common = divisor(a, b);
  return { ratio: a / b, spelling: `${a / common}:${b / common}` };
}

export const aspectRatio: Parameter<AspectRatio> = {
  key: 'ar',
  name: 'aspect ratio',
  meaning: 'The ratio of width to height of the box; with it the crop mode is `fill` unless said otherwise.',
  values: 'a ratio such as 16:9 or 1.778, from 0.05 to 20',
  fallback: "the picture's own",
  samples: ['16:9', '1:1', '1.778', '0.05', '20', '32:18'],
  wrong: ['0', '0.04', '20.1', '16:0', '1:21', '16:9:4', ':', '-1', '16/9'],
  place: 'each',
  control: { kind: 'text', choices: ['16:9', '4:3', '3:2', '1:1', '4:5', '9:16'] },
  parse(text) {
    if (text.includes(':')) return readPair(text);
    const ratio = readNumber(text, least, most);
    return ratio === null ? null : { ratio, spelling: printNumber(ratio) };
  },
  print: (value) => value.spelling,
};

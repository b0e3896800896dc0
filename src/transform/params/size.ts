import { numberFrom } from './control.ts';
import { type Length, type LengthRange, type Parameter, printLength, readLength } from './param.ts';

/** Longest side a URL may ask for, in pixels; also the longest side of any answer. */
export const maxSide = 8192;

const range: LengthRange = { px: [1, maxSide], fraction: [0.01, 8] };

const side = (key: 'w' | 'h', name: 'width' | 'height'): Parameter<Length> => ({
  key,
  name,
  meaning: `The ${name} of the box, in pixels or as a share of the upright picture's ${name}.`,
  values: `an integer from 1 to ${maxSide}, or a fraction from 0.01 to 8.0`,
  fallback: "follows from the other side and the picture's ratio",
  samples: ['400', '1', '8192', '0.5', '1.0', '0.0101'],
  wrong: ['0', '8193', '-1', '0.009', '8.01', '0.0', '400px'],
  place: 'each',
  control: numberFrom(1, maxSide, { of: name, choices: ['0.5', '1.0'] }),
  parse: (text) => readLength(text, range),
  print: printLength,
});

export const width = side('w', 'width');
export const height = side('h', 'height');

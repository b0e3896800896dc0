import { numberFrom } from './control.ts';
import { type Length, type LengthRange, type Parameter, printLength, readLength } from './param.ts';

const range: LengthRange = { px: [-8192, 8192], fraction: [-1, 1] };

const offset = (key: 'x' | 'y', side: 'width' | 'height'): Parameter<Length> => ({
  key,
  name: `${key} offset`,
  meaning: `Where a crop begins, how far it moves from its gravity, or the focal point: pixels or a share of the upright picture's ${side}.`,
  values: 'an integer from -8192 to 8192, or a fraction from -1.0 to 1.0',
  fallback: '0',
  samples: ['10', '0', '-10', '0.33', '-0.5', '1.0'],
  wrong: ['-8193', '8193', '1.1', '-1.0001', '-0', '+5'],
  place: 'each',
  control: numberFrom(-8192, 8192, { of: side, choices: ['0.25', '0.5', '0.75'] }),
  parse: (text) => readLength(text, range),
  print: printLength,
});

export const offsetX = offset('x', 'width');
export const offsetY = offset('y', 'height');

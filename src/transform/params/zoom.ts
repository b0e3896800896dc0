import { numberFrom } from './control.ts';
import { type Parameter, printNumber, readNumber } from './param.ts';

export const zoom: Parameter<number> = {
  key: 'z',
  name: 'zoom',
  meaning: 'Goes nearer to what a cut is about (above 1) or further away (below 1), never beyond the picture.',
  values: 'a number from 0.1 to 10',
  fallback: '1',
  samples: ['1.5', '1', '0.1', '10'],
  wrong: ['0', '0.09', '10.1', '-1'],
  place: 'each',
  control: numberFrom(0.1, 10, { step: 0.1 }),
  parse: (text) => readNumber(text, 0.1, 10),
  print: (value) => (value === 1 ? null : printNumber(value)),
};

import { numberFrom } from './control.ts';
import { type Parameter, printNumber, readNumber } from './param.ts';

export const dpr: Parameter<number> = {
  key: 'dpr',
  name: 'device pixel ratio',
  meaning: 'Multiplies every length in pixels of its component, but no crop rectangle and no focal point.',
  values: 'a number from 0.1 to 5',
  fallback: '1',
  samples: ['2', '1', '1.5', '0.1', '5'],
  wrong: ['0', '0.09', '5.1', '-2', '2x'],
  place: 'each',
  control: numberFrom(0.1, 5, { step: 0.1, choices: ['1', '1.5', '2', '3'] }),
  parse: (text) => readNumber(text, 0.1, 5),
  print: (value) => (value === 1 ? null : printNumber(value)),
};

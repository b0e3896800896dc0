import { numberFrom } from './control.ts';
import { type Parameter, readInteger } from './param.ts';

export const opacity: Parameter<number> = {
  key: 'o',
  name: 'opacity',
  meaning:
    'How much of the picture is seen: what lies beneath (`b`, or white where the format has no alpha) shines through.',
  values: 'an integer from 0 to 100',
  fallback: '100',
  samples: ['50', '0', '1', '100'],
  wrong: ['101', '-1', '50.5', '', '50%'],
  place: 'each',
  control: numberFrom(0, 100),
  parse: (text) => readInteger(text, 0, 100),
  print: (value) => (value === 100 ? null : String(value)),
};

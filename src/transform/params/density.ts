import { numberFrom } from './control.ts';
import { type Parameter, readInteger } from './param.ts';

export const density: Parameter<number> = {
  key: 'dn',
  name: 'density',
  meaning: 'The pixels per inch that jpg, png and tiff say they are to be printed with; no pixel changes.',
  values: 'an integer from 25 to 2400',
  fallback: 'what the encoder writes, mostly 72',
  samples: ['300', '25', '2400', '96'],
  wrong: ['24', '2401', '300.5', '300dpi', ''],
  place: 'once',
  control: numberFrom(25, 2400, { choices: ['72', '96', '300'] }),
  parse: (text) => readInteger(text, 25, 2400),
  print: String,
};

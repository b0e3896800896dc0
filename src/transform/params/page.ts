import { numberFrom } from './control.ts';
import { type Parameter, readInteger } from './param.ts';

export const page: Parameter<number> = {
  key: 'pg',
  name: 'page',
  meaning: 'Which page of a document or frame of an animation is shown; the answer is then one frame.',
  values: 'an integer from 1 to 10000',
  fallback: 'the first page; of an animation all frames where the format has room for them',
  samples: ['2', '1', '10000'],
  wrong: ['0', '-1', '10001', '1.5', '', '1-3'],
  place: 'first',
  control: numberFrom(1, 10_000),
  parse: (text) => readInteger(text, 1, 10_000),
  print: String,
};

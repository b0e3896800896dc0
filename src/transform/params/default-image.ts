import { idPattern, idRule } from '../id.ts';
import type { Parameter } from './param.ts';

export const defaultImage: Parameter<string> = {
  key: 'd',
  name: 'default image',
  meaning:
    "Shows another original's picture under the same words where the one asked for is missing; the status stays 404.",
  values: idRule,
  fallback: 'none: a missing original is answered in words',
  samples: ['placeholder', 'brand:empty-cart', 'a_b.c~1'],
  wrong: ['-cat', '_cat', 'a/b', 'ä', 'a b', 'a'.repeat(201)],
  place: 'first',
  control: { kind: 'text', choices: [] },
  parse: (text) => (idPattern.test(text) ? text : null),
  print: (value) => value,
};

import { type Parameter, readOneOf } from './param.ts';

export const colourSpaces = ['srgb', 'bw', 'keep'] as const;
export type ColourSpace = (typeof colourSpaces)[number];

export const colourSpace: Parameter<ColourSpace> = {
  key: 'cs',
  name: 'colour space',
  meaning:
    'The colours of the answer: `srgb` without a profile, `bw` in one channel of grey, or `keep` for the numbers and the profile of an RGB original.',
  values: `one of ${colourSpaces.join(', ')}`,
  fallback: '`srgb`',
  samples: ['bw', 'keep', 'srgb'],
  wrong: ['cmyk', 'sRGB', 'p3', 'no_cmyk', ''],
  place: 'once',
  control: { kind: 'choice', choices: colourSpaces },
  parse: (text) => readOneOf(text, colourSpaces),
  print: (value) => (value === 'srgb' ? null : value),
};

import { type Colour, colourValues, printColour, readColour } from './colour.ts';
import type { Parameter } from './param.ts';

/** `auto`: the colour that prevails in the original. `blurred`: a canvas of the picture's own, blurred. */
export type Background = Colour | 'auto' | 'blurred';

export const background: Parameter<Background> = {
  key: 'b',
  name: 'background',
  meaning:
    'The colour of a canvas, of the corners of a turned or rounded picture, and under transparency; `auto` is the one that prevails in the original, and `blurred` fills a canvas with a blurred copy.',
  values: `${colourValues}, auto or blurred`,
  fallback: 'transparent; white where the format has no alpha',
  samples: [
    'white',
    'fff',
    'f0f8',
    'FFA500',
    '11223344',
    'rgb:ff0000',
    'rgb:ff000080',
    'transparent',
    'rebeccapurple',
    'auto',
    'blurred',
  ],
  wrong: [
    'ff',
    'fffff',
    'rgb:fff',
    'nocolour',
    '#ffffff',
    'rgb:',
    'constructor',
    'White',
    'auto:border',
    'blurred:400',
  ],
  place: 'each',
  control: { kind: 'colour', choices: ['auto', 'blurred', 'transparent', 'white', 'black'] },
  parse: (text) => (text === 'auto' || text === 'blurred' ? text : readColour(text)),
  print: (value) => (typeof value === 'string' ? value : printColour(value)),
};

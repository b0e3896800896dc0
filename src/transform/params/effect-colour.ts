import { type Colour, colourValues, printColour, readColour } from './colour.ts';
import type { Parameter } from './param.ts';

export const effectColour: Parameter<Colour> = {
  key: 'co',
  name: 'effect colour',
  meaning: 'The colour of text, or of an effect that takes one (`e_colorize`, `e_tint`).',
  values: colourValues,
  fallback: 'black for text, else what the effect says',
  samples: ['red', '0f0', '112233', '11223380', 'rgb:ff0000'],
  wrong: ['auto', 'blurred', 'ff', 'nocolour', '#ffffff', 'rgb:', 'constructor'],
  place: 'each',
  control: { kind: 'colour', choices: ['black', 'white', 'red', 'navy', 'gold'] },
  parse: readColour,
  print: printColour,
};

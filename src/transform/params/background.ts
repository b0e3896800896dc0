import { type Colour, colourValues, printColour, readColour } from './colour.ts';
import type { Param } from './param.ts';

export const background: Param<Colour> = {
  key: 'b',
  name: 'background',
  meaning: 'The colour of a canvas, of the corners of a turned picture, and under transparency.',
  values: colourValues,
  fallback: 'transparent; white where the format has no alpha',
  samples: ['white', 'fff', 'f0f8', 'FFA500', '11223344', 'rgb:ff0000', 'rgb:ff000080', 'transparent', 'rebeccapurple'],
  wrong: ['ff', 'fffff', 'rgb:fff', 'nocolour', '#ffffff', 'rgb:', 'constructor', 'White'],
  place: 'each',
  parse: readColour,
  print: printColour,
};

import { type Colour, printColour, readColour } from './colour.ts';
import { type Parameter, readInteger } from './param.ts';

/** A line of one colour around the picture. */
export interface Border {
  /** Pixels on each side, before the density. */
  readonly width: number;
  readonly colour: Colour;
}

export const border: Parameter<Border> = {
  key: 'bo',
  name: 'border',
  meaning:
    'A line around the picture, which grows by it on every side; it follows rounded corners, and `dpr` multiplies it.',
  values: '{1–200}px_solid_{CSS colour name or 3, 4, 6 or 8 hex digits}',
  fallback: 'none',
  samples: ['4px_solid_black', '1px_solid_fff', '200px_solid_ff8800', '10px_solid_11223380', '3px_solid_rebeccapurple'],
  wrong: [
    '0px_solid_black',
    '201px_solid_black',
    '4_solid_black',
    '4px_dashed_black',
    '4px_solid_',
    '4px_solid',
    '4px_solid_rgb:000000',
    '4px_solid_nocolour',
    '4.5px_solid_black',
    '04px_solid_black',
    '-4px_solid_black',
  ],
  place: 'each',
  control: { kind: 'text', choices: ['4px_solid_black', '12px_solid_white', '8px_solid_gold'] },
  parse(text) {
    const [, digits = '', name = ''] = /^([0-9]{1,3})px_solid_([0-9A-Za-z]{1,32})$/.exec(text) ?? [];
    const width = readInteger(digits, 1, 200);
    const colour = readColour(name);
    return width === null || colour === null ? null : { width, colour };
  },
  print: ({ width, colour }) => `${width}px_solid_${printColour(colour)}`,
};

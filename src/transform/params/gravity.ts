import { type Parameter, readOneOf } from './param.ts';

const compass = [
  'center',
  'north',
  'south',
  'east',
  'west',
  'north_east',
  'north_west',
  'south_east',
  'south_west',
] as const;
const words = [...compass, 'auto', 'auto:entropy', 'xy_center', 'custom'] as const;

export type Compass = (typeof compass)[number];
export type Gravity = (typeof words)[number];

/** The default depends on `c`, so it is dropped where the whole component is known. */
export const gravity: Parameter<Gravity> = {
  key: 'g',
  name: 'gravity',
  meaning:
    "Which part stays when something is cut, and where the picture lies on a canvas: a side, what draws the eye (`auto`), the point `x`,`y` (`xy_center`) or the original's focal point (`custom`).",
  values: `one of ${words.join(', ')}`,
  fallback: '`center`; `c_crop` counts from the top left, which is `north_west`',
  samples: words,
  wrong: ['northeast', 'face', 'xy', 'Center', 'auto:'],
  place: 'each',
  control: { kind: 'choice', choices: words },
  parse: (text) => readOneOf(text, words),
  print: (value) => value,
};

const positions: Readonly<Record<Compass, readonly [x: number, y: number]>> = {
  center: [0, 0],
  north: [0, -1],
  south: [0, 1],
  east: [1, 0],
  west: [-1, 0],
  north_east: [1, -1],
  north_west: [-1, -1],
  south_east: [1, 1],
  south_west: [-1, 1],
};

/** −1, 0 or 1 on each axis: left or top, middle, right or bottom. */
export function compassPosition(value: Compass): readonly [x: number, y: number] {
  return positions[value];
}

export function isCompass(value: Gravity): value is Compass {
  return Object.hasOwn(positions, value);
}

import { blendsIn, places, type Role } from './layers.ts';
import { namesIn } from './params/effect.ts';
import { isBlend } from './params/effects/index.ts';
import type { Key, Words } from './params/index.ts';

/** What of a component's words does not go together with its part in a layer. */
export interface LayerRule {
  readonly broken: (words: Words, role: Role) => boolean;
  readonly expected: string;
  readonly example: string;
  readonly about: readonly Key[];
}

const applied = 'l_logo,w_100/fl_layer_apply,g_south_east,o_60';

/** All that may stand beside `fl_layer_apply`. */
const placingKeys: readonly string[] = ['dpr', 'e', 'fl', 'g', 'o', 'x', 'y'];

const placesOnly = (words: Words): boolean =>
  Object.keys(words).every((key) => placingKeys.includes(key)) && namesIn(words.e ?? {}).every((name) => isBlend(name));

/** Checked in every component once the roles of all are known. */
export const layerRules: readonly LayerRule[] = [
  {
    about: ['fl'],
    broken: ({ l, fl = [] }) => l !== undefined && fl.includes('layer_apply'),
    expected: 'fl_layer_apply in a component of its own behind those of the layer',
    example: applied,
  },
  {
    about: ['fl'],
    broken: (_, role) => role === 'stray',
    expected: 'fl_layer_apply behind a component that begins a layer, one for each',
    example: applied,
  },
  {
    about: ['w', 'h', 'c', 'a', 'r', 'e', 'fl'],
    broken: (words, role) => role === 'applying' && !placesOnly(words),
    expected: 'nothing but g, x, y, o, dpr and one blend beside fl_layer_apply',
    example: applied,
  },
  {
    about: ['fl'],
    broken: ({ fl = [] }, role) => fl.includes('relative') && (role === 'own' || role === 'applying'),
    expected: 'fl_relative in components that shape a layer only: it measures their sides by the picture',
    example: 'fl_relative,l_logo,w_0.3',
  },
  {
    about: ['e'],
    broken: (words, role) => blendsIn(words).length > (places(role) ? 1 : 0),
    expected: 'one blend where a layer is placed',
    example: 'e_multiply,l_logo',
  },
  {
    about: ['c'],
    broken: ({ c }, role) => role === 'alone' && c === 'auto',
    expected: 'c_auto in a layer that fl_layer_apply places, since here g says where it lies',
    example: 'c_auto,h_90,l_logo,w_90/fl_layer_apply',
  },
  {
    about: ['g'],
    broken: ({ g }, role) => places(role) && (g === 'auto' || g === 'auto:entropy'),
    expected: 'a side, xy_center or custom for the gravity of a layer',
    example: 'g_south_east,l_logo',
  },
  {
    about: ['g', 'x', 'y'],
    broken: ({ g, x, y }, role) => places(role) && g === 'xy_center' && (x === undefined || y === undefined),
    expected: 'both x and y with g_xy_center',
    example: 'g_xy_center,l_logo,x_0.33,y_0.6',
  },
];

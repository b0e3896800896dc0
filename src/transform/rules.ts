import type { CropMode } from './params/crop.ts';
import { paddingModes, placingModes } from './params/crop.ts';
import { namesIn } from './params/effect.ts';
import { effectOf } from './params/effects/index.ts';
import type { Gravity } from './params/gravity.ts';
import type { Words } from './params/index.ts';

/** Words that contradict each other or lack what they need. */
export interface Rule {
  readonly broken: (words: Words, mode: CropMode) => boolean;
  readonly expected: string;
  readonly example: string;
  /** The words it speaks of, for the mistake's place and text. */
  readonly about: readonly (keyof Words)[];
}

export function modeOf(words: Words): CropMode {
  return words.c ?? (words.ar === undefined ? 'limit' : 'fill');
}

/** A crop counts from the top left, everything else from the middle. */
export function gravityOf(words: { readonly c?: CropMode | undefined; readonly g?: Gravity | undefined }): Gravity {
  return words.g ?? (words.c === 'crop' ? 'north_west' : 'center');
}

/** Whether text or an effect of the component has a use for `co`; one that changes nothing has none. */
export function takesColour({ e = {}, l }: Words): boolean {
  if (l?.kind === 'text') return true;
  return namesIn(e).some((name) => effectOf(name).takesColour && !effectOf(name).isIdle(e[name]));
}

const isAuto = (words: Words) => words.g === 'auto' || words.g === 'auto:entropy';
const isMoved = (words: Words) => words.x !== undefined || words.y !== undefined;

/** Checked in every component once presets are expanded. */
export const rules: readonly Rule[] = [
  {
    about: ['w', 'h', 'ar'],
    broken: (words) => words.w !== undefined && words.h !== undefined && words.ar !== undefined,
    expected: 'at most two of w, h and ar',
    example: 'ar_16:9,w_400',
  },
  {
    about: ['ar', 'c'],
    broken: (words, mode) => words.ar !== undefined && (mode === 'limit' || mode === 'fit' || mode === 'scale'),
    expected: 'ar with a mode that gives the box its ratio, not with c_limit, c_fit or c_scale',
    example: 'ar_16:9,c_fill,w_400',
  },
  {
    about: ['g'],
    broken: (words, mode) => words.g !== undefined && !placingModes.includes(mode),
    expected: 'g with a mode that cuts or pads: add c_fill',
    example: 'c_fill,g_north,h_200,w_400',
  },
  {
    about: ['c', 'g'],
    broken: (words) => words.c === 'auto' && words.g !== undefined && !isAuto(words),
    expected: 'c_auto without another gravity, since it is c_fill,g_auto',
    example: 'c_fill,g_north,h_200,w_400',
  },
  {
    about: ['g', 'c'],
    broken: (words, mode) => isAuto(words) && paddingModes.includes(mode),
    expected: 'g_auto with a mode that cuts, since a canvas has nothing to choose from',
    example: 'c_fill,g_auto,h_200,w_400',
  },
  {
    about: ['x', 'y'],
    broken: (words) => isMoved(words) && words.c !== 'crop' && words.g === undefined,
    expected: 'x and y with c_crop or a g_ they count from',
    example: 'c_crop,h_200,w_400,x_10,y_20',
  },
  {
    about: ['g', 'x', 'y'],
    broken: (words) => words.g === 'xy_center' && (words.x === undefined || words.y === undefined),
    expected: 'both x and y with g_xy_center',
    example: 'c_fill,g_xy_center,h_200,w_400,x_0.33,y_0.6',
  },
  {
    about: ['g', 'x', 'y'],
    broken: (words) => isMoved(words) && isAuto(words),
    expected: 'g_auto without x and y, since it finds its own place',
    example: 'c_fill,g_auto,h_200,w_400',
  },
  {
    about: ['z'],
    broken: (words, mode) => words.z !== undefined && mode !== 'fill' && mode !== 'thumb' && mode !== 'crop',
    expected: 'z with c_thumb, c_fill or c_crop',
    example: 'c_thumb,h_200,w_200,z_1.5',
  },
  {
    about: ['b', 'c'],
    broken: (words, mode) => words.b === 'blurred' && !paddingModes.includes(mode),
    expected: 'b_blurred with a mode that adds a canvas: c_pad, c_lpad or c_mpad',
    example: 'b_blurred,c_pad,h_200,w_400',
  },
  {
    about: ['co'],
    broken: (words) =>
      words.co !== undefined &&
      words.l?.kind !== 'text' &&
      !namesIn(words.e ?? {}).some((name) => effectOf(name).takesColour),
    expected: 'co with an effect that takes a colour (add e_colorize or e_tint), or with text',
    example: 'co_navy,e_tint',
  },
];

/** Checked once for the words of the whole answer. */
export const answerRules: readonly Rule[] = [
  {
    about: ['fl'],
    broken: ({ fl = [] }) => fl.includes('lossy') && fl.includes('lossless'),
    expected: 'lossy or lossless, not both',
    example: 'fl_lossless,f_webp',
  },
  {
    about: ['q', 'fl'],
    broken: ({ fl = [], q }) => fl.includes('lossless') && q !== undefined,
    expected: 'fl_lossless without q, since nothing is lost',
    example: 'fl_lossless,f_webp',
  },
  {
    about: ['pg', 'fl'],
    broken: ({ fl = [], pg }) => fl.includes('animated') && pg !== undefined,
    expected: 'fl_animated without pg, since a page is a still',
    example: 'f_webp,fl_animated',
  },
  {
    about: ['mb', 'fl'],
    broken: ({ fl = [], mb }) => fl.includes('lossless') && mb !== undefined,
    expected: 'fl_lossless without mb, since fewer bytes are bought with loss',
    example: 'f_webp,mb_50k',
  },
  {
    about: ['mb', 'q'],
    broken: ({ mb, q }) => mb !== undefined && q !== undefined,
    expected: 'mb or q, since each decides the quality',
    example: 'mb_50k',
  },
];

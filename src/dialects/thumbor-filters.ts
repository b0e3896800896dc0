import { ownValue } from './own-value.ts';
import { blurOf, numberIn, type TransformWriter } from './spelling.ts';

export interface Filter {
  readonly name: string;
  readonly args: readonly string[];
  readonly from: string;
}

type Write = (spelling: TransformWriter, args: readonly string[], from: string) => void;

const effect =
  (name: string): Write =>
  (spelling, [value = ''], from) => {
    if (value !== '0') spelling.word('e', `${name}:${value}`, from);
  };

/** Of the same range, by a formula of its own. */
const alike =
  (name: string): Write =>
  (spelling, args, from) => {
    effect(name)(spelling, args, from);
    spelling.approximate(from, `the formula is that of e_${name}`);
  };

/** Metadata and profiles are always left out. */
const always: Write = () => undefined;

export function thumborColour(text: string): string {
  return text.replace(/^#/, '').toLowerCase();
}

/** What is done behind the box, whatever its order (thumbor.readthedocs.io/en/latest/filters.html, github.com/cshum/imagor#filters). */
export const filters: Readonly<Record<string, Write>> = {
  quality: (spelling, [value = ''], from) => spelling.word('q', value, from),
  format: (spelling, [value = ''], from) => spelling.word('f', value, from),
  grayscale: (spelling, _args, from) => spelling.word('e', 'grayscale', from),
  brightness: effect('brightness'),
  contrast: alike('contrast'),
  saturation: alike('saturation'),
  background_color(spelling, [colour = ''], from) {
    if (colour === 'auto') spelling.approximate(from, 'the colour that prevails');
    spelling.word('b', thumborColour(colour), from);
  },
  blur(spelling, [radius = '', sigma = radius], from) {
    const value = numberIn(sigma);
    if (value === null || value < 0) return spelling.wrong(from, 'a radius and a sigma');
    if (value > 0) spelling.word('e', blurOf(value), from);
  },
  sharpen(spelling, _args, from) {
    spelling.word('e', 'sharpen', from);
    spelling.approximate(from, 'sharpened as much as e_sharpen does, whatever the amount');
  },
  max_bytes(spelling, [text = ''], from) {
    const bytes = numberIn(text);
    if (bytes === null) return spelling.wrong(from, 'a number of bytes');
    if (bytes % 1000 !== 0) spelling.approximate(from, 'rounded down to whole thousands of bytes');
    spelling.word('mb', `${Math.floor(bytes / 1000)}k`, from);
  },
  rotate(spelling, [text = ''], from) {
    const angle = numberIn(text);
    if (angle === null || angle % 90 !== 0) return spelling.wrong(from, 'quarter turns');
    // thumbor's turn is the other way round than ours.
    const ours = (360 - (((angle % 360) + 360) % 360)) % 360;
    spelling.next();
    if (ours !== 0) spelling.word('a', ours, from);
  },
  round_corner(spelling, [radius = '', ...rest], from) {
    const [second = radius, colour] = rest.length < 3 ? rest : [];
    if (radius.includes('|') || second !== radius) return spelling.refuse(from, 'one radius a corner');
    spelling.word('r', radius, from);
    if (colour !== undefined) spelling.word('b', thumborColour(colour), from);
    if (rest.length < 3) return;
    const [red = '', green = '', blue = '', clear = ''] = rest;
    if (['1', 'true'].includes(clear)) return spelling.approximate(from, 'white where the format is opaque');
    const hex = [red, green, blue].map((value) => Number(value).toString(16).padStart(2, '0')).join('');
    spelling.word('b', hex, from);
  },
  page: (spelling, [value = ''], from) => spelling.word('pg', value, from),
  strip_exif: always,
  strip_icc: always,
  strip_metadata: always,
};

/** Filters that have a say in the box. */
const boxing = ['fill', 'upscale', 'no_upscale', 'focal', 'stretch'];

/** `filters:` up to the slash behind its last bracket; arguments may hold slashes, colons and commas of URLs. */
export function splitFilters(text: string): { readonly filters: string; readonly rest: string } {
  let depth = 0;
  for (const [index, character] of text.split('').entries()) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === '/' && depth <= 0) return { filters: text.slice(0, index), rest: text.slice(index + 1) };
  }
  return { filters: text, rest: '' };
}

/** Null where it is no chain of filters. */
export function filtersIn(text: string): readonly Filter[] | null {
  if (text === '') return [];
  if (!/^[a-z_]+\([^()]*\)(?::[a-z_]+\([^()]*\))*$/.test(text)) return null;
  return [...text.matchAll(/([a-z_]+)\(([^()]*)\)/g)].map(([from, name = '', args = '']) => {
    return { name, from, args: args === '' ? [] : args.split(',').map((arg) => arg.trim()) };
  });
}

export function writeFilters(spelling: TransformWriter, found: readonly Filter[]): void {
  for (const { name, args, from } of found) {
    const write = ownValue(filters, name);
    if (write !== undefined) write(spelling, args, from);
    else if (!boxing.includes(name)) spelling.refuse(from);
  }
}

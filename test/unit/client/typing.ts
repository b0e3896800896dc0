import { picture, srcset, text, url } from '../../../src/client/index.ts';
import type { Component, Spelling } from '../../../src/client/spelling.ts';
import { transform } from '../../../src/client/unpic.ts';
import type { EffectName } from '../../../src/transform/params/effects/index.ts';
import type { Key } from '../../../src/transform/params/index.ts';

/** Read by `npm run types` alone: what may be written compiles, and a wrong value does not. */

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Unwritable = { [K in Key]: [Spelling<K>] extends [never] ? K : never }[Key];
type NamedBy<E> = E extends `${infer N}:${string}` ? N : E;

/** A new word of the catalogue has to say what may be written behind it, and a new effect is known by itself. */
export const everyWordCanBeWritten: Same<Unwritable, never> = true;
export const everyEffectCanBeWritten: Same<NamedBy<Extract<Component['e'], string>>, EffectName> = true;

export const right: readonly Component[] = [
  { w: 400, h: 0.5, c: 'fill', g: 'auto:entropy', f: 'webp', q: 80 },
  { w: '1.0', x: -0.25, y: '-12', z: 1.5, dpr: 2, g: 'xy_center' },
  { a: 90 },
  { a: 'hflip.90' },
  { a: 'ignore.180' },
  { ar: '16:9' },
  { ar: 1.778 },
  { b: 'rebeccapurple' },
  { b: 'rgb:ff000080', co: 'fff' },
  { b: 'blurred', bo: '4px_solid_gold' },
  { e: 'sepia' },
  { e: ['brightness:20', 'duotone:navy:gold', 'clahe:2:2', 'grayscale', 'trim'] },
  { fl: 'progressive' },
  { fl: ['progressive', 'attachment'] },
  { l: text({ font: 'DejaVu Sans', size: 24, text: 'Hello' }) },
  { mb: '50k', f: 'auto', q: 'auto:eco' },
  { q: '80:444' },
  { q: 'ssim:0.95' },
  { r: 'max' },
  { r: '10:20:30:40' },
  { t: 'thumb' },
  { t: ['thumb', 'large'] },
  { v: '1a2b3c4d', d: 'placeholder', pg: 2, dn: 300, cs: 'keep', o: 50, exp: 1_900_000_000 },
  { w: undefined },
];

export const wrong: readonly Component[] = [
  // @ts-expect-error pixels have no unit
  { w: '400px' },
  // @ts-expect-error a word of another product
  { width: 400 },
  // @ts-expect-error a mode of another product
  { c: 'cover' },
  // @ts-expect-error faces are not looked for
  { g: 'face' },
  // @ts-expect-error not written here
  { f: 'heic' },
  // @ts-expect-error jpg is its one name
  { f: 'jpeg' },
  // @ts-expect-error no such level
  { q: 'auto:max' },
  // @ts-expect-error no such chroma
  { q: '80:422' },
  // @ts-expect-error turns are degrees or flips
  { a: 'left' },
  // @ts-expect-error a colon, not a slash
  { ar: '16/9' },
  // @ts-expect-error no such colour
  { b: 'nocolour' },
  // @ts-expect-error colours begin with a digit
  { b: '#ffffff' },
  // @ts-expect-error a canvas has it, an effect has not
  { co: 'blurred' },
  // @ts-expect-error borders are solid
  { bo: '4px_dashed_black' },
  // @ts-expect-error no such effect
  { e: 'magic' },
  // @ts-expect-error it needs a value
  { e: 'brightness' },
  // @ts-expect-error it takes no value
  { e: 'grayscale:20' },
  // @ts-expect-error its value is a number
  { e: 'blur:strong' },
  // @ts-expect-error one of them is wrong
  { e: ['sepia', 'hue'] },
  // @ts-expect-error no such flag
  { fl: 'fast' },
  // @ts-expect-error k or m
  { mb: 50_000 },
  // @ts-expect-error one corner or four
  { r: '10:20' },
  // @ts-expect-error no such space
  { cs: 'cmyk' },
  // @ts-expect-error a number
  { dpr: '2x' },
  // @ts-expect-error hex digits
  { v: 12 },
];

export const calls = () => [
  url('cat'),
  url({ id: 'cat', width: 400, version: '1a2b3c4d' }, [{ w: 400 }, { l: 'logo' }], { base: 'https://img.example.com' }),
  // @ts-expect-error facts without an id
  url({ width: 400 }),
  // @ts-expect-error no such option
  url('cat', {}, { host: 'img.example.com' }),
  // @ts-expect-error widths are numbers
  srcset('cat', {}, { widths: ['400w'] }),
  picture('cat', { ar: '16:9' }, { formats: ['avif', 'jpg'], sizes: '50vw' }),
  // @ts-expect-error explicit formats alone
  picture('cat', {}, { formats: ['auto'] }),
  transform('cat', { width: 400, height: '300', format: 'jpeg', c: 'pad' }),
  // @ts-expect-error no such word
  transform('cat', { resize: 'cover' }),
];

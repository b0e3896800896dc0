import { angle } from './angle.ts';
import { aspectRatio } from './aspect-ratio.ts';
import { background } from './background.ts';
import { border } from './border.ts';
import { colourSpace } from './colour-space.ts';
import { crop } from './crop.ts';
import { defaultImage } from './default-image.ts';
import { density } from './density.ts';
import { dpr } from './dpr.ts';
import { effect } from './effect.ts';
import { effectColour } from './effect-colour.ts';
import { expiry } from './expiry.ts';
import { flags } from './flags.ts';
import { format } from './format.ts';
import { gravity } from './gravity.ts';
import { layer } from './layer.ts';
import { maxBytes } from './most-bytes.ts';
import { offsetX, offsetY } from './offset.ts';
import { opacity } from './opacity.ts';
import { page } from './page.ts';
import type { Parameter } from './param.ts';
import { preset } from './preset.ts';
import { quality } from './quality.ts';
import { radius } from './radius.ts';
import { height, width } from './size.ts';
import { version } from './version.ts';
import { zoom } from './zoom.ts';

/** Every word of the language. A new one is its file and its line here. */
export const parameters = {
  a: angle,
  ar: aspectRatio,
  b: background,
  bo: border,
  c: crop,
  co: effectColour,
  cs: colourSpace,
  d: defaultImage,
  dn: density,
  dpr,
  e: effect,
  exp: expiry,
  f: format,
  fl: flags,
  g: gravity,
  h: height,
  l: layer,
  mb: maxBytes,
  o: opacity,
  pg: page,
  q: quality,
  r: radius,
  t: preset,
  v: version,
  w: width,
  x: offsetX,
  y: offsetY,
  z: zoom,
} as const;

export type Key = keyof typeof parameters;

/** The value type of a word. */
export type ValueOf<K extends Key> = (typeof parameters)[K] extends Parameter<infer V> ? V : never;

/** Words by key; absent = not mentioned. */
export type Words = { readonly [K in Key]?: ValueOf<K> };

export const keys = Object.keys(parameters) as readonly Key[];

export function isParamKey(text: string): text is Key {
  return Object.hasOwn(parameters, text);
}

/** Whether a text is a key of the catalogue, `_`, and a value that the key takes. */
export function isWord(text: string): boolean {
  const split = text.indexOf('_');
  const key = text.slice(0, Math.max(0, split));
  return isParamKey(key) && parameters[key].parse(text.slice(split + 1)) !== null;
}

/** Later words win over earlier ones; of effects, each by its name. */
export function mergeWords(earlier: Words, later: Words): Words {
  const both = { ...earlier, ...later };
  return earlier.e === undefined || later.e === undefined ? both : { ...both, e: { ...earlier.e, ...later.e } };
}

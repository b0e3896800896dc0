import { darken, lighten, multiply, overlay, screen } from './blend.ts';
import { blur } from './blur.ts';
import { brightness } from './brightness.ts';
import { clahe } from './clahe.ts';
import { colorize } from './colorize.ts';
import { contrast } from './contrast.ts';
import { duotone } from './duotone.ts';
import type { EffectKind } from './effect.ts';
import { gamma } from './gamma.ts';
import { grayscale } from './grayscale.ts';
import { hue } from './hue.ts';
import { median } from './median.ts';
import { negate } from './negate.ts';
import { normalize } from './normalize.ts';
import { pixelate } from './pixelate.ts';
import { saturation } from './saturation.ts';
import { sepia } from './sepia.ts';
import { sharpen } from './sharpen.ts';
import { threshold } from './threshold.ts';
import { tint } from './tint.ts';
import { trim } from './trim.ts';
import { unsharpMask } from './unsharp-mask.ts';

/** Every effect, by name. A new one is its file, its line here and its step. */
export const effects = {
  blur,
  brightness,
  clahe,
  colorize,
  contrast,
  darken,
  duotone,
  gamma,
  grayscale,
  hue,
  lighten,
  median,
  multiply,
  negate,
  normalize,
  overlay,
  pixelate,
  saturation,
  screen,
  sepia,
  sharpen,
  threshold,
  tint,
  trim,
  unsharp_mask: unsharpMask,
} as const;

export type EffectName = keyof typeof effects;

const blends = { darken, lighten, multiply, overlay, screen } as const;

/** Effects that say how a layer mixes with what lies beneath. */
export type BlendName = keyof typeof blends;

export const isBlend = (name: string): name is BlendName => Object.hasOwn(blends, name);

/** The value type of an effect. */
export type EffectValue<N extends EffectName> = (typeof effects)[N] extends EffectKind<infer V> ? V : never;

/** Effects by name; absent = not asked for. */
export type Effects = { readonly [N in EffectName]?: EffectValue<N> };

/** By name, as the canonical spelling has them. */
export const effectNames = Object.keys(effects) as readonly EffectName[];

/** One row parses and prints the same type; the union over all rows hides that from the compiler. */
export function effectOf(name: EffectName): EffectKind<unknown> {
  return effects[name];
}

export function isEffect(text: string): text is EffectName {
  return Object.hasOwn(effects, text);
}

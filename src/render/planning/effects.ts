import type { Colour } from '../../transform/params/colour.ts';
import {
  type BlendName,
  type EffectName,
  type Effects,
  type EffectValue,
  effectOf,
} from '../../transform/params/effects/index.ts';
import type { ResolvedComponent } from '../../transform/transform.ts';
import type { Size } from '../geometry.ts';
import type { Step } from '../steps/index.ts';

const grey: Colour = { red: 128, green: 128, blue: 128, alpha: 255 };
const red: Colour = { red: 255, green: 0, blue: 0, alpha: 255 };

/**
 * Effects in their documented order, each with the step that does it. `co` is the colour parameter, null without one.
 * `trim` and the blends of layers are handled elsewhere.
 */
const planned: {
  readonly [N in Exclude<EffectName, 'trim' | BlendName>]: (value: EffectValue<N>, co: Colour | null) => Step;
} = {
  normalize: () => ({ kind: 'normalize' }),
  clahe: (tiles) => ({ kind: 'clahe', ...tiles }),
  gamma: (level) => ({ kind: 'gamma', level }),
  brightness: (by) => ({ kind: 'brightness', by }),
  contrast: (by) => ({ kind: 'contrast', by }),
  saturation: (by) => ({ kind: 'saturation', by }),
  hue: (by) => ({ kind: 'hue', degrees: by * 1.8 }),
  grayscale: () => ({ kind: 'grayscale' }),
  tint: (percent, co) => ({ kind: 'tint', colour: co ?? red, percent }),
  colorize: (percent, co) => ({ kind: 'colorize', colour: co ?? grey, percent }),
  duotone: (colours) => ({ kind: 'duotone', ...colours }),
  sepia: (percent) => ({ kind: 'sepia', percent }),
  negate: () => ({ kind: 'negate' }),
  threshold: (from) => ({ kind: 'threshold', from }),
  median: (side) => ({ kind: 'median', side }),
  blur: (strength) => ({ kind: 'blur', sigma: (strength + 25) / 50 }),
  pixelate: (side) => ({ kind: 'pixelate', side }),
  sharpen: (strength) => ({ kind: 'sharpen', strength }),
  unsharp_mask: (percent) => ({ kind: 'unsharp-mask', percent }),
};

const names = Object.keys(planned) as readonly (keyof typeof planned)[];

/** Step of one effect; null if it is absent or has no effect. */
function stepOf(name: keyof typeof planned, effects: Effects, co: Colour | null): Step | null {
  const value = effects[name];
  if (value === undefined || effectOf(name).isIdle(value)) return null;
  // The value belongs to the row of this name; the compiler sees only the union of all rows.
  return (planned[name] as (value: unknown, co: Colour | null) => Step)(value, co);
}

/** Steps of a component's effects on an image of this size, in order, without those that change nothing. */
export function effectSteps({ effects, effectColour }: ResolvedComponent, size: Size): readonly Step[] {
  return names.flatMap((name) => stepOf(name, effects, effectColour) ?? []).flatMap((step) => within(step, size));
}

/** Limits the median to the largest odd square that fits, because libvips needs the whole window inside the image. */
function within(step: Step, { width, height }: Size): readonly Step[] {
  if (step.kind !== 'median') return [step];
  const shorter = Math.min(width, height);
  const side = Math.min(step.side, shorter % 2 === 1 ? shorter : shorter - 1);
  return side < 3 ? [] : [{ ...step, side }];
}

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

/** Every effect but `trim`, which comes before all of them, and the blends of layers, in the documented order, as the step that does it. `co` is the word's colour, null without one. */
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

/** One effect of a component; null where it is not asked for or would change nothing. */
function stepOf(name: keyof typeof planned, effects: Effects, co: Colour | null): Step | null {
  const value = effects[name];
  if (value === undefined || effectOf(name).isIdle(value)) return null;
  // A value came from the row of its own name; the union over all rows hides that from the compiler.
  return (planned[name] as (value: unknown, co: Colour | null) => Step)(value, co);
}

/** What a component's effects do to a picture of this size, in order. Those that would change nothing are left out. */
export function effectSteps({ effects, effectColour }: ResolvedComponent, size: Size): readonly Step[] {
  return names.flatMap((name) => stepOf(name, effects, effectColour) ?? []).flatMap((step) => within(step, size));
}

/** libvips knows no median beyond the edges, so on a tiny picture it is that of the largest square in it. */
function within(step: Step, { width, height }: Size): readonly Step[] {
  if (step.kind !== 'median') return [step];
  const shorter = Math.min(width, height);
  const side = Math.min(step.side, shorter % 2 === 1 ? shorter : shorter - 1);
  return side < 3 ? [] : [{ ...step, side }];
}

import { decodingOf } from './cost.ts';
import type { Size } from './geometry.ts';
import type { RenderPlan } from './plan.ts';
import { divisorOf, lyingSize, wholeFor } from './shrink.ts';
import type { SourceFacts } from './source-facts.ts';
import type { Step } from './steps/index.ts';
import type { Resize } from './steps/resize.ts';

/**
 * A working copy is an original in fewer pixels: decoded, 8-bit sRGB, in libvips' own format, which is opened by path
 * without reading it. It lies as the original lies (not turned), so a plan runs on it as it is.
 */

/** Longest sides of copies in pixels, the smallest first. */
export const copySides = [1024, 2560] as const;
export type CopySide = (typeof copySides)[number];

/** How many times the size that is wanted a copy has to have: from there on SSIMULACRA2 is 97 against exact Lanczos. */
const leastRatio = 1.5;

/** How many times as long as its copy an original has to be: a copy of nearly its size saves nothing. */
const leastShrink = 1.5;

/** Milliseconds that a copy has to spare whoever renders from it, by the estimates of `cost.ts`. */
const leastSaving = 8;

/**
 * Steps that show a small difference of the pixels before them as one that is as small. Those that stretch, sharpen or
 * decide by a threshold, and those that find a place by the pixels, do not.
 */
const steady: ReadonlySet<Step['kind']> = new Set([
  'turn',
  'resize',
  'crop',
  'pad',
  'pad-blurred',
  'rotate',
  'round',
  'blur',
  'pixelate',
  'brightness',
  'saturation',
  'hue',
  'grayscale',
  'grey',
  'tint',
  'colorize',
  'duotone',
  'sepia',
  'negate',
  'opacity',
  'overlay',
  'untag',
  'underlay',
  'flatten',
]);

const isSteady = (step: Step): boolean =>
  steady.has(step.kind) && !('background' in step && step.background === 'auto');

/** The size to which a plan brings its original before anything else; null where a copy would show in the picture. */
export function neededBy(plan: RenderPlan): Size | null {
  const { source, page, frames, profile, attribution, rest, steps } = plan;
  const isPlain = source === 'pixels' && page === 0 && frames === undefined && rest === undefined;
  const isBare = profile === undefined && attribution === undefined;
  const [first] = steps;
  if (!isPlain || !isBare || first?.kind !== 'resize' || !steps.every(isSteady)) return null;
  return { width: first.width, height: first.height };
}

/** The same plan for a copy instead of its original. */
export function onCopy(plan: RenderPlan): RenderPlan {
  const [first, ...rest] = plan.steps;
  // Nothing of it is decoded.
  const steps: RenderPlan['steps'] = first?.kind === 'resize' ? [bare(first), ...rest] : plan.steps;
  return { ...plan, source: 'copy', steps };
}

const bare = ({ kind, width, height }: Resize): Resize => ({ kind, width, height });

export function suffices(copy: Size, need: Size): boolean {
  return copy.width >= leastRatio * need.width && copy.height >= leastRatio * need.height;
}

/** How an original is scaled to the copy with this longest side, as it lies; null where there is none. */
export function copyScaling(facts: SourceFacts, side: CopySide): Resize | null {
  const { width, height } = lyingSize(facts);
  const shrink = Math.max(width, height) / side;
  if (facts.pages > 1 || shrink < leastShrink || width < shrink || height < shrink) return null;
  const size = { width: Math.round(width / shrink), height: Math.round(height / shrink) };
  const whole = wholeFor(facts, size);
  return { kind: 'resize', ...size, ...(whole === undefined ? {} : { whole }) };
}

/** A copy that could be made, with what it takes and what it saves in estimated milliseconds. */
export interface CopyPlan {
  readonly side: CopySide;
  readonly scaling: Resize;
  readonly takes: number;
  readonly saves: number;
}

/** Whether a copy is worth making: of what is small or decoded at little cost none is, though one that stands spares some. */
export const isWorthMaking = ({ saves }: CopyPlan): boolean => saves >= leastSaving;

/** The smallest copy that suffices for a need, where rendering from it spares anything. */
export function copyFor(facts: SourceFacts, need: Size): CopyPlan | null {
  for (const side of copySides) {
    const scaling = copyScaling(facts, side);
    if (scaling === null || !suffices(scaling, need)) continue;
    const { width, height } = scaling;
    const direct = decodingOf(facts, divisorOf(facts, need));
    const saves = direct - decodingOf({ width, height, format: 'copy' });
    return saves <= 0 ? null : { scaling, side, takes: decodingOf(facts, divisorOf(facts, scaling)), saves };
  }
  return null;
}

import type { Size } from '../geometry.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { CropStep } from '../steps/crop.ts';
import type { Step } from '../steps/index.ts';
import type { ResizeStep } from '../steps/resize.ts';
import { decodingOf } from './cost.ts';
import type { RenderPlan } from './plan.ts';
import { divisorOf, lyingSize, wholeFor } from './shrink-on-load.ts';

/**
 * A working copy is an original in fewer pixels: decoded, 8-bit sRGB, in libvips' own format, which is opened by path
 * without reading it. It lies as the original lies (not turned), so a plan runs on it as it is.
 */

/** Longest sides of copies in pixels, the smallest first. */
export const copySides = [1024, 2560] as const;
export type CopySide = (typeof copySides)[number];

/** How many times the size that is wanted a copy has to have: from there on SSIMULACRA2 is 97 against exact Lanczos. */
const minRatio = 1.5;

/** How many times as long as its copy an original has to be: a copy of nearly its size saves nothing. */
const minShrink = 1.5;

/** Milliseconds that a copy has to spare whoever renders from it, by the estimates of `cost.ts`. */
const minSaving = 8;

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

/** A rectangle of an original that lies there as large as `of`. */
interface Cut extends Omit<CropStep, 'kind'> {
  readonly of: Size;
}

/** What a copy has to have: one and a half times this size, and edges of pixels where something is cut out first. */
export interface Requirement extends Size {
  readonly cuts: readonly Cut[];
}

/** How far from an edge of the copy's pixels a cut may fall: what is made of it moves by a fifteenth of a pixel at most. */
const maxOff = 0.1;

function edgeOf(place: number): number | null {
  const edge = Math.round(place);
  return Math.abs(place - edge) > maxOff ? null : edge;
}

/** The same rectangle on a copy; null where it would begin or end between its pixels. */
function cutOn(copy: Size, { left, top, width, height, of }: Cut): Omit<CropStep, 'kind'> | null {
  const [across, down] = [copy.width / of.width, copy.height / of.height];
  const [west, east] = [edgeOf(left * across), edgeOf((left + width) * across)];
  const [north, south] = [edgeOf(top * down), edgeOf((top + height) * down)];
  if (west === null || east === null || north === null || south === null) return null;
  return { left: west, top: north, width: east - west, height: south - north };
}

/** What serves both. */
export function bothNeed(one: Requirement | null, other: Requirement | null): Requirement | null {
  if (one === null || other === null) return one ?? other;
  const [width, height] = [Math.max(one.width, other.width), Math.max(one.height, other.height)];
  return { width, height, cuts: [...one.cuts, ...other.cuts] };
}

/** What a plan needs of its original before it does anything but cut and scale; null where a copy would show in the picture. */
export function neededBy(plan: RenderPlan, facts: SourceFacts): Requirement | null {
  const { source, page, frames, profile, attribution, rest, steps } = plan;
  const isPlain = source === 'pixels' && page === 0 && frames === undefined && rest === undefined;
  const isBare = profile === undefined && attribution === undefined;
  const [first, second] = steps;
  if (!isPlain || !isBare || !steps.every(isSteady)) return null;
  if (first?.kind === 'resize') return { width: first.width, height: first.height, cuts: [] };
  if (first?.kind !== 'crop' || second?.kind !== 'resize') return null;
  const of = lyingSize(facts);
  const width = Math.ceil((second.width * of.width) / first.width);
  return { width, height: Math.ceil((second.height * of.height) / first.height), cuts: [{ ...first, of }] };
}

/** The same plan for a copy instead of its original. */
export function onCopy(plan: RenderPlan, copy: Size, facts: SourceFacts): RenderPlan {
  const [first, ...rest] = plan.steps;
  const source = 'copy';
  // Nothing of it is decoded.
  if (first?.kind === 'resize') return { ...plan, source, steps: [bare(first), ...rest] };
  const cut = first?.kind === 'crop' ? cutOn(copy, { ...first, of: lyingSize(facts) }) : null;
  if (cut === null) throw new TypeError('Expected a plan that a copy suffices for');
  return { ...plan, source, steps: [{ kind: 'crop', ...cut }, ...rest] };
}

const bare = ({ kind, width, height }: ResizeStep): ResizeStep => ({ kind, width, height });

export function suffices(copy: Size, { width, height, cuts }: Requirement): boolean {
  const isLarge = copy.width >= minRatio * width && copy.height >= minRatio * height;
  return isLarge && cuts.every((cut) => cutOn(copy, cut) !== null);
}

/** How an original is scaled to the copy with this longest side, as it lies; null where there is none. */
export function copyScaling(facts: SourceFacts, side: CopySide): ResizeStep | null {
  const { width, height } = lyingSize(facts);
  const shrink = Math.max(width, height) / side;
  if (facts.pages > 1 || shrink < minShrink || width < shrink || height < shrink) return null;
  const size = { width: Math.round(width / shrink), height: Math.round(height / shrink) };
  const whole = wholeFor(facts, size);
  return { kind: 'resize', ...size, ...(whole === undefined ? {} : { whole }) };
}

/** A copy that could be made, with what it takes and what it saves in estimated milliseconds. */
export interface CopyPlan {
  readonly side: CopySide;
  readonly scaling: ResizeStep;
  readonly takes: number;
  readonly saves: number;
}

/** Whether a copy is worth making: of what is small or decoded at little cost none is, though one that stands spares some. */
export const isWorthMaking = ({ saves }: CopyPlan): boolean => saves >= minSaving;

/** The smallest copy that suffices for a need, where rendering from it spares anything. */
export function copyFor(facts: SourceFacts, need: Requirement): CopyPlan | null {
  for (const side of copySides) {
    const scaling = copyScaling(facts, side);
    if (scaling === null || !suffices(scaling, need)) continue;
    const { width, height } = scaling;
    // What is cut is decoded whole.
    const direct = decodingOf(facts, need.cuts.length > 0 ? 1 : divisorOf(facts, need));
    const saves = direct - decodingOf({ width, height, format: 'copy' });
    return saves <= 0 ? null : { scaling, side, takes: decodingOf(facts, divisorOf(facts, scaling)), saves };
  }
  return null;
}

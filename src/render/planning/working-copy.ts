import type { Size } from '../geometry.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { CropStep } from '../steps/crop.ts';
import type { Step } from '../steps/index.ts';
import type { ResizeStep } from '../steps/resize.ts';
import { decodingOf } from './cost.ts';
import type { RenderPlan } from './plan.ts';
import { divisorOf, lyingSize, wholeFor } from './shrink-on-load.ts';

/**
 * Working copies: originals in fewer pixels, decoded to 8-bit sRGB in libvips' own format, which opens by path without
 * reading. A copy keeps the original's orientation, so plans run on it unchanged.
 */

/** Longest sides of copies in pixels, smallest first. */
export const copySides = [1024, 2560] as const;
export type CopySide = (typeof copySides)[number];

/** Minimum size of a copy relative to the requested size. From there SSIMULACRA2 is 97 against exact Lanczos. */
const minRatio = 1.5;

/** Minimum size of an original relative to its copy; a copy of nearly equal size saves nothing. */
const minShrink = 1.5;

/** Minimum saving of a copy per render, in milliseconds, by the estimates of `cost.ts`. */
const minSaving = 8;

/**
 * Steps that do not amplify small differences of pixels.
 * Steps that stretch, sharpen, use a threshold or search for a place do, so they need the original.
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

/** Rectangle in an original of size `of`. */
interface Cut extends Omit<CropStep, 'kind'> {
  readonly of: Size;
}

/** What a copy must provide: one and a half times this size, and pixel edges at the cuts. */
export interface Requirement extends Size {
  readonly cuts: readonly Cut[];
}

/**
 * Maximum distance in pixels of a cut from a pixel edge of the copy. It shifts the result by at most a fifteenth of a
 * pixel.
 */
const maxOff = 0.1;

function edgeOf(place: number): number | null {
  const edge = Math.round(place);
  return Math.abs(place - edge) > maxOff ? null : edge;
}

/** The rectangle on a copy; null if it does not fall on pixel edges. */
function cutOn(copy: Size, { left, top, width, height, of }: Cut): Omit<CropStep, 'kind'> | null {
  const [across, down] = [copy.width / of.width, copy.height / of.height];
  const [west, east] = [edgeOf(left * across), edgeOf((left + width) * across)];
  const [north, south] = [edgeOf(top * down), edgeOf((top + height) * down)];
  if (west === null || east === null || north === null || south === null) return null;
  return { left: west, top: north, width: east - west, height: south - north };
}

/** Combines two requirements. */
export function bothNeed(one: Requirement | null, other: Requirement | null): Requirement | null {
  if (one === null || other === null) return one ?? other;
  const [width, height] = [Math.max(one.width, other.width), Math.max(one.height, other.height)];
  return { width, height, cuts: [...one.cuts, ...other.cuts] };
}

/** What a plan needs of a copy; null if a copy would visibly change the result. */
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

/** The plan, changed to run on a copy. */
export function onCopy(plan: RenderPlan, copy: Size, facts: SourceFacts): RenderPlan {
  const [first, ...rest] = plan.steps;
  const source = 'copy';
  // Nothing of a copy is decoded, so `whole` does not apply.
  if (first?.kind === 'resize') return { ...plan, source, steps: [bare(first), ...rest] };
  const cut = first?.kind === 'crop' ? cutOn(copy, { ...first, of: lyingSize(facts) }) : null;
  if (cut === null) throw new TypeError('Expected a plan that can run on a working copy');
  return { ...plan, source, steps: [{ kind: 'crop', ...cut }, ...rest] };
}

const bare = ({ kind, width, height }: ResizeStep): ResizeStep => ({ kind, width, height });

export function suffices(copy: Size, { width, height, cuts }: Requirement): boolean {
  const isLarge = copy.width >= minRatio * width && copy.height >= minRatio * height;
  return isLarge && cuts.every((cut) => cutOn(copy, cut) !== null);
}

/** Scaling from an original, in its stored orientation, to the copy with this longest side; null if there is none. */
export function copyScaling(facts: SourceFacts, side: CopySide): ResizeStep | null {
  const { width, height } = lyingSize(facts);
  const shrink = Math.max(width, height) / side;
  if (facts.pages > 1 || shrink < minShrink || width < shrink || height < shrink) return null;
  const size = { width: Math.round(width / shrink), height: Math.round(height / shrink) };
  const whole = wholeFor(facts, size);
  return { kind: 'resize', ...size, ...(whole === undefined ? {} : { whole }) };
}

/** A possible copy, with the estimated milliseconds that it takes and saves. */
export interface CopyPlan {
  readonly side: CopySide;
  readonly scaling: ResizeStep;
  readonly takes: number;
  readonly saves: number;
}

/** Whether making the copy is worth it. Existing copies are used even if they save less. */
export const isWorthMaking = ({ saves }: CopyPlan): boolean => saves >= minSaving;

/** Smallest copy that meets a requirement; null if none saves time. */
export function copyFor(facts: SourceFacts, need: Requirement): CopyPlan | null {
  for (const side of copySides) {
    const scaling = copyScaling(facts, side);
    if (scaling === null || !suffices(scaling, need)) continue;
    const { width, height } = scaling;
    // A cut decodes the original in full.
    const direct = decodingOf(facts, need.cuts.length > 0 ? 1 : divisorOf(facts, need));
    const saves = direct - decodingOf({ width, height, format: 'copy' });
    return saves <= 0 ? null : { scaling, side, takes: decodingOf(facts, divisorOf(facts, scaling)), saves };
  }
  return null;
}

import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { Background } from '../../transform/params/background.ts';
import { type Colour, printColour, transparent, white } from '../../transform/params/colour.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import { movesOnly, type Step } from '../steps/index.ts';
import type { Shade } from '../steps/step.ts';

/** What decides the background behind transparent pixels. */
export interface BackgroundRequest {
  readonly asked: Pick<ResolvedTransform, 'components'>;
  /** Whether the original has transparency. */
  readonly alpha: boolean;
  readonly format: FormatName;
}

/**
 * Adds the steps for the background of the final image.
 * The last named background is used; without one, white if the format has no alpha. An opaque background flattens the
 * image. A translucent one is laid beneath if the format has alpha.
 */
export function withBackground(planned: readonly Step[], ground: BackgroundRequest): readonly Step[] {
  const { asked, alpha, format } = ground;
  const steps = translucent(planned, alpha);
  const named = asked.components.map(({ background }) => background).findLast(isShade) ?? null;
  const hasAlpha = formats[format].alpha;
  if (named === null && hasAlpha) return steps;
  if (named !== null && named !== 'auto' && named.alpha < 255 && hasAlpha) return beneath(steps, named, alpha);
  return flattened(steps, named === 'auto' ? 'auto' : laidOn(named ?? white, white), alpha);
}

export const isShade = (background: Background | null): background is Shade =>
  background !== null && background !== 'blurred';

/** Flattens first if all steps only move pixels, which saves a pass; otherwise last. */
function flattened(steps: readonly Step[], below: Shade, alpha: boolean): readonly Step[] {
  const solid = steps.every(movesOnly) ? steps.map((step) => onSolid(step, below)) : [null];
  const all = solid.filter((step) => step !== null);
  if (all.length === solid.length) return alpha ? [{ kind: 'flatten', background: below }, ...all] : all;
  return mayShine(steps, alpha) ? [...steps, { kind: 'flatten', background: below }] : steps;
}

/** Adapts the steps to transparency in the image. */
export function translucent(steps: readonly Step[], alpha: boolean): readonly Step[] {
  return steps.map((step, index) => translucently(step, mayShine(steps.slice(0, index), alpha)));
}

/** Adapts one step to an image that may be transparent (`shines`). */
function translucently(step: Step, shines: boolean): Step {
  if (step.kind === 'overlay') return { ...step, opaque: !shines };
  return step.kind === 'sharpen' && shines ? { ...step, kind: 'sharpen-translucent' } : step;
}

/**
 * Lays a translucent colour beneath. Canvases of the same colour become transparent, so that it is not applied twice.
 */
function beneath(steps: readonly Step[], colour: Colour, alpha: boolean): readonly Step[] {
  if (colour.alpha === 0 || !mayShine(steps, alpha)) return steps;
  const clear = steps.map((step) =>
    'background' in step && isSame(step.background, colour) ? { ...step, background: transparent } : step,
  );
  return [...clear, { kind: 'underlay', colour }];
}

/** Whether any pixel may be transparent after these steps. */
export function mayShine(steps: readonly Step[], alpha: boolean): boolean {
  return alpha || steps.some((step) => step.kind === 'opacity' || ('background' in step && isClear(step.background)));
}

const isClear = (shade: Shade): boolean => shade !== 'auto' && shade.alpha < 255;

function isSame(one: Shade, other: Colour): boolean {
  return one !== 'auto' && printColour(one) === printColour(other);
}

/** A colour composited over `below`. */
function laidOn(colour: Colour, below: Colour): Colour {
  const mix = (over: number, under: number) => Math.round((over * colour.alpha + under * (255 - colour.alpha)) / 255);
  const [red, green, blue] = [mix(colour.red, below.red), mix(colour.green, below.green), mix(colour.blue, below.blue)];
  return { red, green, blue, alpha: 255 };
}

/** A shade composited over `below`; null if that depends on the pixels. */
function shadeOn(shade: Shade, below: Shade): Shade | null {
  if (shade === 'auto' || shade.alpha === 255) return shade;
  if (below !== 'auto') return laidOn(shade, below);
  return shade.alpha === 0 ? below : null;
}

/** Rewrites a step for an image on one opaque background; null if that depends on the pixels. */
function onSolid(step: Step, below: Shade): Step | null {
  if (!('background' in step)) return step;
  const background = shadeOn(step.background, below);
  if (background === null) return null;
  if (step.kind !== 'round') return { ...step, background };
  if (step.border === null) return { ...step, background, opaque: true };
  const colour = shadeOn(step.border.colour, below);
  // A border always has a colour, so only a translucent one on an unknown background needs the pixels.
  return colour === null || colour === 'auto'
    ? null
    : { ...step, background, border: { ...step.border, colour }, opaque: true };
}

import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { Background } from '../../transform/params/background.ts';
import { type Colour, printColour, transparent, white } from '../../transform/params/colour.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import { movesOnly, type Step } from '../steps/index.ts';
import type { Shade } from '../steps/step.ts';

/** What lies under a picture, and which of the formats has room for what shines through. */
export interface BackgroundRequest {
  readonly asked: Pick<ResolvedTransform, 'components'>;
  /** Whether the original has transparency. */
  readonly alpha: boolean;
  readonly format: FormatName;
}

/**
 * The last background that was named lies under what is transparent at the end; without one, white does where the format
 * has no alpha. An opaque one is flattened; a translucent one in a format with alpha is laid beneath.
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

/** Flattening commutes with all that only moves pixels; done first, it costs no pipeline of its own. */
function flattened(steps: readonly Step[], below: Shade, alpha: boolean): readonly Step[] {
  const solid = steps.every(movesOnly) ? steps.map((step) => onSolid(step, below)) : [null];
  const all = solid.filter((step) => step !== null);
  if (all.length === solid.length) return alpha ? [{ kind: 'flatten', background: below }, ...all] : all;
  return mayShine(steps, alpha) ? [...steps, { kind: 'flatten', background: below }] : steps;
}

/** The same steps where the picture, or what they make of it, has transparent places. */
export function translucent(steps: readonly Step[], alpha: boolean): readonly Step[] {
  return steps.map((step, index) => translucently(step, mayShine(steps.slice(0, index), alpha)));
}

/** A step as it is done to a picture that may have transparent places. */
function translucently(step: Step, shines: boolean): Step {
  if (step.kind === 'overlay') return { ...step, opaque: !shines };
  return step.kind === 'sharpen' && shines ? { ...step, kind: 'sharpen-translucent' } : step;
}

/** A canvas in the very colour that comes beneath it would count twice, so it stays clear. */
function beneath(steps: readonly Step[], colour: Colour, alpha: boolean): readonly Step[] {
  if (colour.alpha === 0 || !mayShine(steps, alpha)) return steps;
  const clear = steps.map((step) =>
    'background' in step && isSame(step.background, colour) ? { ...step, background: transparent } : step,
  );
  return [...clear, { kind: 'underlay', colour }];
}

/** Whether anything may be transparent after these steps. */
export function mayShine(steps: readonly Step[], alpha: boolean): boolean {
  return alpha || steps.some((step) => step.kind === 'opacity' || ('background' in step && isClear(step.background)));
}

const isClear = (shade: Shade): boolean => shade !== 'auto' && shade.alpha < 255;

function isSame(one: Shade, other: Colour): boolean {
  return one !== 'auto' && printColour(one) === printColour(other);
}

/** What a colour looks like on `below`. */
function laidOn(colour: Colour, below: Colour): Colour {
  const mix = (over: number, under: number) => Math.round((over * colour.alpha + under * (255 - colour.alpha)) / 255);
  const [red, green, blue] = [mix(colour.red, below.red), mix(colour.green, below.green), mix(colour.blue, below.blue)];
  return { red, green, blue, alpha: 255 };
}

/** The same with a shade; null where it takes pixels to tell. */
function shadeOn(shade: Shade, below: Shade): Shade | null {
  if (shade === 'auto' || shade.alpha === 255) return shade;
  if (below !== 'auto') return laidOn(shade, below);
  return shade.alpha === 0 ? below : null;
}

/** The same step where everything lies on one opaque colour; null where it takes pixels to tell. */
function onSolid(step: Step, below: Shade): Step | null {
  if (!('background' in step)) return step;
  const background = shadeOn(step.background, below);
  if (background === null) return null;
  if (step.kind !== 'round') return { ...step, background };
  if (step.border === null) return { ...step, background, opaque: true };
  const colour = shadeOn(step.border.colour, below);
  // A border has a colour, so only a translucent one on an unknown ground is not one.
  return colour === null || colour === 'auto'
    ? null
    : { ...step, background, border: { ...step.border, colour }, opaque: true };
}

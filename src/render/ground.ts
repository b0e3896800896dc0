import type { FormatName } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { type Colour, transparent, white } from '../transform/params/colour.ts';
import type { ResolvedTransform } from '../transform/transform.ts';
import { movesOnly, type Step } from './steps/index.ts';

/** What lies under a picture, and which of the formats has room for what shines through. */
export interface Ground {
  readonly asked: ResolvedTransform;
  /** Whether the original has transparency. */
  readonly alpha: boolean;
  readonly format: FormatName;
}

/**
 * The last background that was named lies under what is transparent at the end; without one, white does where the format
 * has no alpha. An opaque one is flattened; a translucent one in a format with alpha is laid beneath.
 */
export function grounded(planned: readonly Step[], { asked, alpha, format }: Ground): readonly Step[] {
  const steps = planned.map((step, index) => translucently(step, mayShine(planned.slice(0, index), alpha)));
  const named = asked.components.findLast((component) => component.background !== null)?.background ?? null;
  if (formats[format].alpha && named === null) return steps;
  if (formats[format].alpha && named !== null && named.alpha < 255) return beneath(steps, named, alpha);
  const below = laidOn(named ?? white, white);
  if (!steps.every(movesOnly))
    return mayShine(steps, alpha) ? [...steps, { kind: 'flatten', background: below }] : steps;
  // Flattening commutes with all that only moves pixels; done first, it costs no pipeline of its own.
  const solid = steps.map((step) => onSolid(step, below));
  return alpha ? [{ kind: 'flatten', background: below }, ...solid] : solid;
}

/** A step as it is done to a picture that may have transparent places. */
function translucently(step: Step, shines: boolean): Step {
  return step.kind === 'sharpen' && shines ? { ...step, kind: 'sharpen-translucent' } : step;
}

/** A canvas in the very colour that comes beneath it would count twice, so it stays clear. */
function beneath(steps: readonly Step[], colour: Colour, alpha: boolean): readonly Step[] {
  if (colour.alpha === 0 || !mayShine(steps, alpha)) return steps;
  const clear = steps.map((step) =>
    'background' in step && sameColour(step.background, colour) ? { ...step, background: transparent } : step,
  );
  return [...clear, { kind: 'underlay', colour }];
}

/** Whether anything may be transparent after these steps. */
function mayShine(steps: readonly Step[], alpha: boolean): boolean {
  return (
    alpha || steps.some((step) => step.kind === 'opacity' || ('background' in step && step.background.alpha < 255))
  );
}

function sameColour(one: Colour, other: Colour): boolean {
  return one.red === other.red && one.green === other.green && one.blue === other.blue && one.alpha === other.alpha;
}

/** What a colour looks like on `below`. */
function laidOn(colour: Colour, below: Colour): Colour {
  const mix = (over: number, under: number) => Math.round((over * colour.alpha + under * (255 - colour.alpha)) / 255);
  const [red, green, blue] = [mix(colour.red, below.red), mix(colour.green, below.green), mix(colour.blue, below.blue)];
  return { red, green, blue, alpha: 255 };
}

/** The same step where everything lies on one opaque colour. */
function onSolid(step: Step, below: Colour): Step {
  if (!('background' in step)) return step;
  const background = laidOn(step.background, below);
  if (step.kind !== 'round') return { ...step, background };
  const border = step.border === null ? null : { ...step.border, colour: laidOn(step.border.colour, below) };
  return { ...step, background, border, opaque: true };
}

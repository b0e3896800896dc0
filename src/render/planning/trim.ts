import type { ResolvedComponent, ResolvedTransform } from '../../transform/transform.ts';
import type { Size } from '../geometry.ts';
import type { LayerSource, PlanLimits, PlanSource } from '../source-facts.ts';
import type { Step } from '../steps/index.ts';
import type { RawPicture } from '../steps/step.ts';
import { isShade, mayShine, translucent } from './background.ts';
import { applyAngle } from './component.ts';
import { type Stage, settleTurn } from './stage.ts';

/** Remaining plan after `trim`; made once the trimmed size is known. */
export interface Rest {
  readonly asked: ResolvedTransform;
  /** The image before trimming. */
  readonly source: PlanSource;
  readonly limits: PlanLimits;
  readonly layers: readonly LayerSource[];
}

/** State before planning a transform. */
interface Beginning<C> {
  readonly stage: Stage;
  readonly source: PlanSource;
  /** Applies one component to the stage. */
  readonly apply: (component: C) => void;
}

/** A transform of an image or of a layer. */
interface Asking<C> {
  readonly components: readonly C[];
}

/** Index of the component with `e_trim`, or -1. */
export function trimmingIn({ components }: Asking<ResolvedComponent>): number {
  return components.findIndex(({ effects }) => effects.trim !== undefined);
}

/** Plans up to the trim in component `at`. Returns the steps so far and the remaining transform. */
export function planUntilTrim<C extends ResolvedComponent, A extends Asking<C>>(
  asked: A & Asking<C>,
  at: number,
  { stage, source, apply }: Beginning<C>,
): Until<A> {
  asked.components.slice(0, at).forEach(apply);
  const rest = asked.components
    .slice(at)
    .map((component, index) => (index === 0 ? trimIn(stage, component) : component));
  const steps = translucent(stage.steps, source.facts.alpha);
  const alpha = mayShine(stage.steps, source.facts.alpha);
  const { size, focal } = stage;
  const focalPoint = focal === null ? null : ([focal.x / size.width, focal.y / size.height] as const);
  const facts = { ...source.facts, ...size, orientation: 1, alpha };
  const components = rest.map((component, index) => (index === 0 ? onGroundOf(asked, at, component) : component));
  return { steps, asked: { ...asked, components }, source: { facts, focalPoint } };
}

interface Until<A> {
  readonly steps: readonly Step[];
  /** The remaining transform. */
  readonly asked: A;
  /** The image before trimming. */
  readonly source: PlanSource;
}

/** Adds the turn and the trim. Returns the component without them. */
function trimIn<C extends ResolvedComponent>(stage: Stage, component: C): C {
  const { trim: tolerance = 0, ...effects } = component.effects;
  applyAngle(stage, component);
  settleTurn(stage);
  stage.steps.push({ kind: 'trim', tolerance });
  const degrees = component.angle.degrees % 90 === 0 ? 0 : component.angle.degrees;
  return { ...component, effects, angle: { exif: true, mirror: false, degrees } };
}

/** Passes a background that was named before the trim on to the first component after it. */
function onGroundOf<C extends ResolvedComponent>({ components }: Asking<C>, at: number, component: C): C {
  if (component.background !== null) return component;
  const named = components
    .slice(0, at)
    .map(({ background }) => background)
    .findLast(isShade);
  return named === undefined ? component : { ...component, background: named };
}

/** Source for the remaining plan: the trimmed image, with its focal point moved along. */
export function trimmedSource(
  { source: { facts, focalPoint } }: Pick<Rest, 'source'>,
  { width, height, cut }: RawPicture,
): PlanSource {
  const { left, top } = cut ?? { left: 0, top: 0 };
  const share = (part: number, whole: number, from: number, length: number) =>
    Math.min(1, Math.max(0, (part * whole - from) / length));
  const before: Size = facts;
  return {
    facts: { ...facts, width, height },
    focalPoint:
      focalPoint === null
        ? null
        : [share(focalPoint[0], before.width, left, width), share(focalPoint[1], before.height, top, height)],
  };
}

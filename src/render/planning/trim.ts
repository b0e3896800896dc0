import type { ResolvedComponent, ResolvedTransform } from '../../transform/transform.ts';
import type { Size } from '../geometry.ts';
import type { LayerSource, PlanLimits, PlanSource } from '../source-facts.ts';
import type { Step } from '../steps/index.ts';
import type { RawPicture } from '../steps/step.ts';
import { isShade, mayShine, translucent } from './background.ts';
import { applyAngle } from './component.ts';
import { type Stage, settleTurn } from './stage.ts';

/** What is done to a picture once it is trimmed: planned when its size is known. */
export interface Rest {
  readonly asked: ResolvedTransform;
  /** Of the picture before it is trimmed. */
  readonly source: PlanSource;
  readonly limits: PlanLimits;
  readonly layers: readonly LayerSource[];
}

/** What a plan begins with. */
interface Beginning<C> {
  readonly stage: Stage;
  readonly source: PlanSource;
  /** Sends the stage through one component. */
  readonly apply: (component: C) => void;
}

/** Whatever goes through components: a picture, or a layer on its way. */
interface Asking<C> {
  readonly components: readonly C[];
}

/** The component with an `e_trim`, if there is one. */
export function trimmingIn({ components }: Asking<ResolvedComponent>): number {
  return components.findIndex(({ effects }) => effects.trim !== undefined);
}

/** Goes as far as the trimming in the component `at`: the steps up to it, and what is left to plan. */
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
  /** What is left to do. */
  readonly asked: A;
  /** The picture before it is trimmed. */
  readonly source: PlanSource;
}

/** Turns and trims; what is left of the component has neither to do again. */
function trimIn<C extends ResolvedComponent>(stage: Stage, component: C): C {
  const { trim: tolerance = 0, ...effects } = component.effects;
  applyAngle(stage, component);
  settleTurn(stage);
  stage.steps.push({ kind: 'trim', tolerance });
  const degrees = component.angle.degrees % 90 === 0 ? 0 : component.angle.degrees;
  return { ...component, effects, angle: { exif: true, mirror: false, degrees } };
}

/** A background that was named before the trimming lies under what comes after it, too. */
function onGroundOf<C extends ResolvedComponent>({ components }: Asking<C>, at: number, component: C): C {
  if (component.background !== null) return component;
  const named = components
    .slice(0, at)
    .map(({ background }) => background)
    .findLast(isShade);
  return named === undefined ? component : { ...component, background: named };
}

/** What the rest is planned for: the trimmed picture, its focal point moved with it. */
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

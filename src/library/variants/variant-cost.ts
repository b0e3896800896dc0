import { Failure } from '../../errors.ts';
import { type Cost, costOf, type Decodable } from '../../render/planning/cost.ts';
import { planRender, type RenderPlan } from '../../render/planning/plan.ts';
import type { VariantSpec } from './spec.ts';

/** What it takes to make variants of one original from one decode, or from one of what stands in for it. */
export function costOfSpecs(specs: readonly VariantSpec[], source: Decodable | null = null): Cost {
  const [first] = specs;
  const layers = first?.layers.map(({ facts, version }) => ({ ...facts, version })) ?? [];
  return costOf(first === undefined ? [] : [source ?? first.original.facts, ...layers], specs.map(wholePlan));
}

/** The plan with the steps that follow its trimming, as if nothing were trimmed: the most that it can come to. */
function wholePlan({ plan }: VariantSpec): RenderPlan {
  const { rest } = plan;
  if (rest === undefined) return plan;
  try {
    const { steps, width, height } = planRender(rest.asked, rest.source, rest.limits, rest.layers);
    return { ...plan, steps: [...plan.steps, ...steps], width, height };
  } catch (thrown) {
    // What is over a limit before it is trimmed may be within it afterwards.
    if (thrown instanceof Failure) return plan;
    throw thrown;
  }
}

/** Pixels that are charged for a second of rendering: a picture that costs more than its pixels say is charged by its time. */
const pixelsPerSecond = 20_000_000;

/** Pixels that budgets are charged for so many milliseconds of rendering. */
export const pixelsOfTime = (milliseconds: number): number => Math.round((milliseconds / 1000) * pixelsPerSecond);

/** What variants are charged for before they are made: pixels read and written, or the estimated time where that is more. */
export function pixelsCharged(specs: readonly VariantSpec[], cost: Cost): number {
  const pixels = specs.reduce((sum, spec) => sum + planPixels(spec), 0);
  return Math.max(pixels, pixelsOfTime(cost.milliseconds));
}

function planPixels({ original, layers, plan }: VariantSpec): number {
  const read = [original, ...layers].map(({ facts }) => facts.width * facts.height * facts.pages);
  return read.reduce((sum, pixels) => sum + pixels, plan.width * plan.height * (plan.frames ?? 1));
}

/** How many deadlines an estimate has to exceed before a picture is refused unseen: estimates are off by a fifth. */
const hopeless = 1.5;

/** Throws `over-limit` for a picture that takes far more CPU than a render may use, whoever asks and whenever. */
export function assertFits(spec: VariantSpec, deadline: number): void {
  const { milliseconds } = costOfSpecs([spec]);
  if (milliseconds <= hopeless * deadline) return;
  const { width, height, frames = 1, format } = spec.plan;
  const answer = `${frames === 1 ? 'a' : `${frames} frames of`} ${format} of ${width}×${height}`;
  throw new Failure(
    'over-limit',
    `Expected a picture that renders in ${deadline} ms of CPU but ${answer} would take about ${Math.round(milliseconds)} ms; ask for fewer pixels, frames or effects`,
  );
}

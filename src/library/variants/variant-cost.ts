import { type Cost, costOf, type Decodable } from '../../render/planning/cost.ts';
import type { VariantSpec } from './spec.ts';

/** What it takes to make variants of one original from one decode, or from one of what stands in for it. */
export function costOfSpecs(specs: readonly VariantSpec[], source: Decodable | null = null): Cost {
  const [first] = specs;
  return costOf(
    first === undefined ? [] : [source ?? first.original.facts, ...first.layers.map(({ facts }) => facts)],
    specs.map(({ plan }) => plan),
  );
}

/** What it takes to make, for budgets: pixels that are read and pixels that are written. */
export function planPixels({ original, layers, plan }: VariantSpec): number {
  const read = [original, ...layers].map(({ facts }) => facts.width * facts.height * facts.pages);
  return read.reduce((sum, pixels) => sum + pixels, plan.width * plan.height * (plan.frames ?? 1));
}

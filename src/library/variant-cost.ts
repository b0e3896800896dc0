import { type Cost, costOf } from '../render/cost.ts';
import type { VariantSpec } from './variant.ts';

/** What it takes to make variants of one original from one decode. */
export function costOfSpecs(specs: readonly VariantSpec[]): Cost {
  const [first] = specs;
  const sources = first === undefined ? [] : [first.original, ...first.layers];
  return costOf(
    sources.map(({ facts }) => facts),
    specs.map(({ plan }) => plan),
  );
}

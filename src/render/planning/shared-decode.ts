import type { Step } from '../steps/index.ts';
import type { RenderPlan } from './plan.ts';

/** Steps that depend on the output format. */
const closing: readonly Step['kind'][] = ['untag', 'grey'];

/** Steps that do not depend on the output format. */
export function stepsBeforeClosing({ steps }: RenderPlan): readonly Step[] {
  const last = steps.findLastIndex(({ kind }) => !closing.includes(kind));
  return steps.slice(0, last + 1);
}

/** Everything in a plan that its pixels depend on, as a key. */
function pixelsOf(plan: RenderPlan): string {
  const { source, page, frames, profile, rest } = plan;
  return JSON.stringify([source, page, frames, profile, rest, stepsBeforeClosing(plan)]);
}

/** Plans with equal pixels; only their encoding differs. */
export type SharedDecode = readonly [RenderPlan, ...RenderPlan[]];

/** Groups plans of one original by equal pixels, in the given order. */
export function sharedBy(plans: readonly RenderPlan[]): readonly SharedDecode[] {
  const groups = new Map<string, SharedDecode>();
  for (const plan of plans) {
    const pixels = pixelsOf(plan);
    const group = groups.get(pixels);
    groups.set(pixels, group === undefined ? [plan] : [...group, plan]);
  }
  return [...groups.values()];
}

/** Steps to run on the shared pixels. `untag` is not needed, since pixels carry no orientation. */
export function closingOf({ steps }: RenderPlan): readonly Step[] {
  return steps.filter(({ kind }) => kind === 'grey');
}

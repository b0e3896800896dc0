import type { Step } from '../steps/index.ts';
import type { RenderPlan } from './plan.ts';

/** What is done for the sake of an encoder: the picture is the same without it. */
const closing: readonly Step['kind'][] = ['untag', 'grey'];

/** The steps that make the pixels. */
export function stepsBeforeClosing({ steps }: RenderPlan): readonly Step[] {
  const last = steps.findLastIndex(({ kind }) => !closing.includes(kind));
  return steps.slice(0, last + 1);
}

/** What of a plan its pixels depend on. */
function pixelsOf(plan: RenderPlan): string {
  const { source, page, frames, profile, rest } = plan;
  return JSON.stringify([source, page, frames, profile, rest, stepsBeforeClosing(plan)]);
}

/** Plans that make the same pixels; they differ in nothing but how those are encoded. */
export type SharedDecode = readonly [RenderPlan, ...RenderPlan[]];

/** Groups plans of one original by their pixels, in the order in which they came. */
export function sharedBy(plans: readonly RenderPlan[]): readonly SharedDecode[] {
  const groups = new Map<string, SharedDecode>();
  for (const plan of plans) {
    const pixels = pixelsOf(plan);
    const group = groups.get(pixels);
    groups.set(pixels, group === undefined ? [plan] : [...group, plan]);
  }
  return [...groups.values()];
}

/** The steps that are left to do once the shared picture is there, as pixels that lie in no file any more. */
export function closingOf({ steps }: RenderPlan): readonly Step[] {
  return steps.filter(({ kind }) => kind === 'grey');
}

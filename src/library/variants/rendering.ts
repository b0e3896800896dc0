import { atPace, type EncodingPace } from '../../formats/pace.ts';
import type { Cost } from '../../render/planning/cost.ts';
import type { RenderPlan } from '../../render/planning/plan.ts';
import { sharedBy } from '../../render/planning/shared-decode.ts';
import { bothNeed, copyFor, neededBy, onCopy, type Requirement } from '../../render/planning/working-copy.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import type { VariantSpec } from './spec.ts';
import { costOfSpecs } from './variant-cost.ts';
import { type FileLenders, withFiles } from './variant-files.ts';
import type { WorkingCopies } from './working-copies.ts';

interface Parts extends FileLenders {
  readonly renderer: Pick<Renderer, 'renderAll'>;
  readonly copies: WorkingCopies;
}

/** Plans of one original that the same copy would serve, or none. */
interface Group {
  readonly need: Requirement | null;
  readonly plans: readonly RenderPlan[];
}

/**
 * Makes variants of one original: all that the same working copy serves at once, and at once all that need the original
 * itself; what leads to the same pixels shares one decode in any case. Large ones first: their copy serves the small, too.
 */
export async function renderVariants(
  parts: Parts,
  specs: readonly VariantSpec[],
  pace: EncodingPace,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const [first] = specs;
  if (first === undefined) return [];
  const { original } = first;
  const plans = specs.map(({ plan }) => ({ ...plan, encoding: atPace(plan.encoding, plan.width * plan.height, pace) }));
  const borrow = (work: (path: string) => Promise<boolean>) =>
    withFiles(parts, [{ ...first, layers: [] }], ({ path }) => work(path));
  const made = new Map<RenderPlan, Uint8Array<ArrayBuffer>>();
  for (const group of groupsOf(first, plans)) {
    const decodes = sharedBy(group.plans).length;
    const copyRequest = { original, need: group.need, decodes, borrow };
    const rendered = await parts.copies.withCopy(copyRequest, (copy) => {
      const run = copy === null ? group.plans : group.plans.map((plan) => onCopy(plan, copy, original.facts));
      return withFiles(parts, specs, (files) => parts.renderer.renderAll({ ...files, plans: run }), copy);
    });
    group.plans.forEach((plan, index) => {
      const bytes = rendered[index];
      if (bytes !== undefined) made.set(plan, bytes);
    });
  }
  return plans.flatMap((plan) => made.get(plan) ?? []);
}

function groupsOf({ original }: VariantSpec, plans: readonly RenderPlan[]): readonly Group[] {
  const groups = new Map<number, Group>();
  for (const plan of plans) {
    const need = neededBy(plan, original.facts);
    const side = need === null ? null : (copyFor(original.facts, need)?.side ?? null);
    const place = side ?? Number.POSITIVE_INFINITY;
    const group = groups.get(place);
    const grown = side === null ? null : bothNeed(group?.need ?? null, need);
    groups.set(place, { need: grown, plans: [...(group?.plans ?? []), plan] });
  }
  return [...groups].sort(([one], [other]) => other - one).map(([, group]) => group);
}

/** What it takes, as far as anybody knows before a place is free. */
export function costOfMaking({ copies }: Pick<Parts, 'copies'>, specs: readonly VariantSpec[]): Cost {
  const [first] = specs;
  const needs = specs.map(({ plan, original }) => neededBy(plan, original.facts));
  const need = needs.includes(null) ? null : needs.reduce(bothNeed, null);
  return costOfSpecs(specs, first === undefined ? null : copies.sourceFor(first.original, need));
}

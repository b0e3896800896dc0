import { formats } from '../../formats/index.ts';
import type { OriginalLookup } from '../../library/intake/read-through.ts';
import type { Original } from '../../library/original.ts';
import type { FormatSelection } from '../../library/selection/format-choice.ts';
import type { Tier } from '../../library/variants/obtained.ts';
import type { VariantSpec } from '../../library/variants/spec.ts';
import { costOfSpecs } from '../../library/variants/variant-cost.ts';
import type { Variants } from '../../library/variants/variants.ts';
import { printImagePath } from '../../transform/canonical.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { RequestedTransform } from '../../transform/transform.ts';
import { json } from '../message/json.ts';
import { jsonContent, type OperationDoc, planErrors } from '../message/operation-docs.ts';
import { type Operation, requestTarget } from '../message/route.ts';
import { readImageUrl, type UrlRules } from './image-url.ts';

export interface ExplainOptions extends UrlRules {
  readonly originals: OriginalLookup;
  readonly formatSelection: FormatSelection;
  readonly variants: Variants;
}

const doc: OperationDoc = {
  summary: 'What a URL means and what it would cost; nothing is rendered for it.',
  paths: ['/explain/{id}', '/explain/{id}/{transform}'],
  description: 'The estimate is a rule of thumb for one ordinary core. Accept decides as it does for the image.',
  responses: { 200: { description: 'The plan.', content: jsonContent('Explanation') } },
  errors: planErrors,
};

/** `GET /explain/:id[/components]` */
export function getExplanation({ originals, formatSelection, variants, ...rules }: ExplainOptions): Operation {
  return {
    doc,
    handle: async (context) => {
      const { id, transform } = readImageUrl(requestTarget(context), rules, '/explain/');
      context.set('id', id);
      const original = await originals.describe(id);
      const canonical = printImagePath(id, transform);
      if (transform.answer.f === 'orig') return json({ canonical, ...ofStoredBytes(original) });
      const accept = context.req.header('accept') ?? null;
      const choice = await formatSelection.choose(original, resolveTransform(transform, { accept }));
      const spec = choice.kind === 'open' ? choice.candidates[0] : choice.spec;
      const open = choice.kind === 'open' ? [undecided(choice.candidates)] : [];
      return json({
        canonical,
        plan: spec.plan,
        key: spec.key,
        tier: await tierOf(variants, spec),
        estimate: estimateOf(spec),
        warnings: [...open, ...warningsAbout(transform, original, spec)],
      });
    },
  };
}

async function tierOf(variants: Variants, spec: VariantSpec): Promise<Tier> {
  if (variants.inMemory(spec) !== null) return 'memory';
  return (await variants.lengthOf(spec)) === null ? 'render' : 'bucket';
}

function ofStoredBytes({ blob, version }: Original) {
  const estimate = { megapixels: 0, memory: 0, milliseconds: 0 };
  const warnings = ['f_orig is the stored bytes, whatever they show and say: nothing is planned'];
  return { plan: { version }, key: blob, tier: 'bucket', estimate, warnings };
}

function estimateOf(spec: VariantSpec) {
  const { memory, fixed, milliseconds } = costOfSpecs([spec]);
  const megapixels = (spec.plan.width * spec.plan.height * (spec.plan.frames ?? 1)) / 1e6;
  return { megapixels: Number(megapixels.toFixed(3)), memory, milliseconds: Math.round(fixed + milliseconds) };
}

function undecided(candidates: readonly VariantSpec[]): string {
  const names = [...new Set(candidates.map(({ plan }) => plan.format))];
  return names.length > 1
    ? `Which of ${names.join(' and ')} is smaller is not known yet: the first GET finds out`
    : 'Which quality fits is not known yet: the first GET finds out';
}

/** What was asked for and cannot matter, or may not be what was meant. */
function warningsAbout({ answer }: RequestedTransform, { version, facts }: Original, { plan }: VariantSpec) {
  const { qualities } = formats[plan.format];
  const flags = answer.fl ?? [];
  const isLossy = qualities !== null || flags.includes('lossy');
  const found: readonly (readonly [boolean, string])[] = [
    [
      answer.v !== undefined && !version.startsWith(answer.v),
      'v_ is not the version that is stored: the answer is kept for a minute only',
    ],
    [answer.q !== undefined && !isLossy, `q has no effect on ${plan.format}, which loses nothing`],
    [
      answer.mb !== undefined && qualities === null,
      `mb has no effect on ${plan.format}, which has no quality to give up`,
    ],
    [
      flags.includes('progressive') && plan.format !== 'jpg' && plan.format !== 'png',
      `fl_progressive has no effect on ${plan.format}`,
    ],
    [
      flags.includes('lossless') && (plan.format === 'jpg' || plan.format === 'gif'),
      `fl_lossless has no effect on ${plan.format}`,
    ],
    [plan.width > facts.width || plan.height > facts.height, 'The answer is larger than the original'],
    [plan.rest !== undefined, 'Trimming is told by pixels alone: the size is not known before'],
  ];
  return found.filter(([holds]) => holds).map(([, warning]) => warning);
}

import { createHash } from 'node:crypto';
import type { Format } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import { type PlanLimits, planRender, type RenderPlan } from '../../render/planning/plan.ts';
import { allPipelines, pipelinesOf } from '../../render/steps/index.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import { currentPrefix, variantName } from '../storage-keys.ts';

/** A rendering that is named, but perhaps not made yet. */
export interface VariantSpec {
  readonly key: string;
  /** Weak, from the name: it is known before a byte is touched. */
  readonly etag: string;
  readonly mediaType: string;
  readonly plan: RenderPlan;
  readonly original: Original;
  /** Originals that are laid over it, each once. */
  readonly layers: readonly Original[];
  /** In which it was named. */
  readonly epoch: number;
}

const sourcesIn = ({ components }: ResolvedTransform) =>
  components.flatMap(({ layers }) => layers.map(({ source }) => source));

/** Originals that a transform lays over a picture, each once. */
export function layerIdsIn(transform: ResolvedTransform): readonly string[] {
  return [...new Set(sourcesIn(transform).flatMap((source) => (source.kind === 'image' ? [source.id] : [])))];
}

const decoderPipelineOf = ({ name, decoderPipeline }: Format): readonly string[] =>
  decoderPipeline === undefined ? [] : [`decode-${name}:${decoderPipeline}`];

interface NamingContext {
  readonly epoch: number;
  readonly limits: PlanLimits;
  /** The originals of its layers. */
  readonly layers: readonly Original[];
  /** SHA-256 of the fonts that text is set in. */
  readonly fonts: string;
}

/** Named after what is done (plan and pipelines) to what (version and generation of every original in it, the fonts of text): every spelling of one picture has one name. */
export function specifyVariant(
  original: Original,
  transform: ResolvedTransform,
  { epoch, limits, layers, fonts }: NamingContext,
): VariantSpec {
  const plan = planRender(transform, original, limits, layers);
  const format = formats[plan.format];
  const pipelines = [
    `${format.name}:${format.pipeline}`,
    ...[original, ...layers].flatMap(({ facts }) => decoderPipelineOf(formats[facts.format])),
    ...(plan.rest === undefined ? plan.steps.flatMap(pipelinesOf) : allPipelines),
  ];
  const states = [original, ...layers].map(({ version, generation }) => [version, generation]);
  const written = sourcesIn(transform).some(({ kind }) => kind === 'text') ? [fonts] : [];
  const made = JSON.stringify([pipelines, plan, ...states.flat(), ...written]);
  const hash = createHash('sha256').update(made).digest('base64url').slice(0, 22);
  const name = variantName({ hash, width: plan.width, height: plan.height, extension: format.extensions[0] });
  return {
    key: currentPrefix(epoch, original) + name,
    etag: `W/"${hash}"`,
    mediaType: format.mediaType,
    plan,
    original,
    layers,
    epoch,
  };
}

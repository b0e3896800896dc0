import { Failure } from '../../errors.ts';
import type { Encoding, FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import { maxSide } from '../../transform/params/size.ts';
import type { ResolvedComponent, ResolvedTransform } from '../../transform/transform.ts';
import type { Size } from '../geometry.ts';
import { orientationOfExif } from '../orientation.ts';
import { type LayerSource, type PlanLimits, type PlanSource, type SourceFacts, svgMediaType } from '../source-facts.ts';
import { passesOf, type Step } from '../steps/index.ts';
import { withBackground } from './background.ts';
import { applyComponent } from './component.ts';
import { factsOfPage, framesOf, isAnimation } from './frames.ts';
import { layOver } from './layers.ts';
import { scaledExactly } from './shrink-on-load.ts';
import { checkPixels, type Stage, settleTurn } from './stage.ts';
import { planUntilTrim, type Rest, trimmingIn } from './trim.ts';

/**
 * All decisions about one render as plain data in whole pixels. It is part of the variant's key and sent to worker
 * processes.
 */
export interface RenderPlan {
  /** How the file is opened. A plan is made for an original; it may run on a working copy (`copy`) instead. */
  readonly source: 'pixels' | 'svg' | 'copy';
  /** Page or frame of the original, from 0. */
  readonly page: number;
  /** Number of frames of the output; absent for a still. */
  readonly frames?: number;
  readonly steps: readonly Step[];
  readonly format: FormatName;
  readonly encoding: Encoding;
  /** Keeps the original's colour profile and its colour values, if it is a valid RGB profile. */
  readonly profile?: true;
  /** Keeps the original's artist and copyright. */
  readonly attribution?: true;
  /** The remaining steps after `trim`, which are planned once the trimmed size is known. */
  readonly rest?: Rest;
  /** Size of the output, or of one frame, in pixels; 0 if it depends on the pixels. */
  readonly width: number;
  readonly height: number;
}

export type { LayerSource, PlanLimits, PlanSource } from '../source-facts.ts';

/**
 * Plans a render: geometry in whole pixels, output format and encoding. Reads no pixels.
 * @throws Failure `over-limit` if the output or an intermediate image exceeds a limit, or a crop lies outside;
 * `unfit-words` for a missing page or parameters that do not apply to frames; `missing-layer`.
 */
export function planRender(
  asked: ResolvedTransform,
  source: PlanSource,
  limits: PlanLimits,
  layers: readonly LayerSource[] = [],
): RenderPlan {
  const { focalPoint } = source;
  const facts = factsOfPage(source.facts, asked.page);
  const format = chooseFormat(asked, facts);
  const frames = framesOf(asked, facts, format, limits);
  const size = { width: facts.width, height: facts.height };
  const focal = focalPoint === null ? null : { x: focalPoint[0] * size.width, y: focalPoint[1] * size.height };
  const orientation = orientationOfExif(facts.orientation);
  const stage: Stage = {
    steps: [],
    mostPixels: limits.maxOutput,
    frames,
    upright: orientation,
    size,
    focal,
    turn: orientation,
  };
  const apply = (component: ResolvedComponent) => {
    applyComponent(stage, component);
    layOver(stage, component.layers, layers);
  };
  const trimming = trimmingIn(asked);
  if (trimming >= 0) {
    const fixed: ResolvedTransform = { ...asked, format: { kind: 'fixed', name: format }, aim: null };
    const { steps: begun, ...left } = planUntilTrim(fixed, trimming, { stage, source: { facts, focalPoint }, apply });
    const steps = scaledExactly(begun, facts);
    // Only these two limits, because the plan is hashed, sent and printed.
    const { maxOutput, maxFrames } = limits;
    const rest: Rest = { ...left, limits: { maxOutput, maxFrames }, layers: layers.map(bare) };
    const encoding = encodingOf(asked, format, stage);
    return { ...planned(asked, facts, { format, frames }), encoding, steps, rest, width: 0, height: 0 };
  }
  asked.components.forEach(apply);
  settleTurn(stage);
  checkPixels(stage, stage.size);
  checkSides(stage.size, format);
  const ground = withBackground(stage.steps, { asked, alpha: facts.alpha, format });
  const isTagged = facts.orientation !== 1 && formats[format].tagsOrientation && passesOf(ground).length === 1;
  const upright: readonly Step[] = isTagged ? [...ground, { kind: 'untag' }] : ground;
  const toned: readonly Step[] = asked.colourSpace === 'bw' ? [...upright, { kind: 'grey' }] : upright;
  const steps = scaledExactly(toned, facts);
  const encoding = encodingOf(asked, format, stage);
  return { ...planned(asked, facts, { format, frames }), steps, encoding, ...stage.size };
}

/** Only the fields that affect pixels, because the plan is hashed. */
const bare = ({ id, version, facts, focalPoint }: LayerSource): LayerSource => ({ id, version, facts, focalPoint });

/** Fields of a plan that do not depend on its steps. */
function planned(
  asked: ResolvedTransform,
  facts: SourceFacts,
  { format, frames }: { readonly format: FormatName; readonly frames: number },
): Pick<RenderPlan, 'source' | 'page' | 'frames' | 'format' | 'profile' | 'attribution'> {
  const source = facts.mediaType === svgMediaType ? 'svg' : 'pixels';
  return {
    source,
    page: (asked.page ?? 1) - 1,
    ...(frames === 1 ? {} : { frames }),
    format,
    // libvips cannot attach a profile to joined frames, so their colours become sRGB.
    ...(asked.colourSpace === 'keep' && frames === 1 ? { profile: true } : {}),
    ...(asked.attribution && formats[format].exif ? { attribution: true } : {}),
  };
}

function encodingOf(asked: ResolvedTransform, format: FormatName, { size, frames }: Stage): Encoding {
  return formats[format].encode({
    ...(asked.quality === null ? {} : { quality: asked.quality }),
    ...(asked.chroma === null ? {} : { chroma: asked.chroma }),
    ...(asked.loss === null ? {} : { loss: asked.loss }),
    ...(asked.progressive ? { progressive: true } : {}),
    ...(asked.density === null ? {} : { density: asked.density }),
    pixels: size.width * size.height * frames,
    frames,
  });
}

function checkSides({ width, height }: Size, format: FormatName): void {
  const most = Math.min(maxSide, formats[format].maxSide);
  if (width > most || height > most) {
    throw new Failure(
      'over-limit',
      `Expected sides of at most ${most} px but this picture would be ${width}×${height}`,
    );
  }
}

const kept: readonly FormatName[] = ['jpg', 'png', 'webp', 'gif', 'avif'];

/** Formats that are kept if no format is requested; others become png with alpha, else jpg. */
function chooseFormat({ format: choice, page }: ResolvedTransform, facts: SourceFacts): FormatName {
  const base = facts.alpha ? 'png' : 'jpg';
  if (choice.kind === 'fixed') return choice.name;
  if (choice.kind === 'auto' && page === null && isAnimation(facts)) return choice.bucket === 'base' ? 'gif' : 'webp';
  if (choice.kind === 'auto') return choice.bucket === 'base' ? base : choice.bucket;
  return kept.includes(facts.format) ? facts.format : base;
}

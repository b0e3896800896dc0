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

/** Everything that will happen to a picture, decided: plain data, whole pixels. It is hashed and crosses a process boundary. */
export interface RenderPlan {
  /** SVG is opened in another way than everything else, and so is a working copy: no plan is made for one, but may run on it. */
  readonly source: 'pixels' | 'svg' | 'copy';
  /** Page or frame of the original, from 0. */
  readonly page: number;
  /** How many frames the answer has, each made by the same steps; absent for a still. */
  readonly frames?: number;
  readonly steps: readonly Step[];
  readonly format: FormatName;
  readonly encoding: Encoding;
  /** The original's colour profile stays, and with it the numbers of its colours; only where it is a sound one of RGB. */
  readonly profile?: true;
  /** The original's artist and copyright stay. */
  readonly attribution?: true;
  /** What comes after the last step, which trims: only then is there a size to plan for. */
  readonly rest?: Rest;
  /** Of the answer, or of one of its frames, in pixels; 0 where it takes pixels to tell. */
  readonly width: number;
  readonly height: number;
}

export type { LayerSource, PlanLimits, PlanSource } from '../source-facts.ts';

/**
 * Decides the geometry once, exactly to the pixel, without touching any.
 * @throws Failure `over-limit` where the answer, or a picture on the way to it, is beyond a limit, or a crop lies outside;
 * `unfit-words` where the original has no such page or words cannot run on its frames; `missing-layer`.
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
    // A plan is hashed, sent to a renderer and printed: it holds these two limits and nothing else of what is given.
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

/** Nothing that has no say in a picture, since it is hashed. */
const bare = ({ id, version, facts, focalPoint }: LayerSource): LayerSource => ({ id, version, facts, focalPoint });

/** What of a plan no step has a say in. */
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
    // libvips has no way to give a profile to frames that were joined: their colours become sRGB.
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

/** Formats a picture keeps when none is asked for; the rest becomes png with alpha, else jpg. */
function chooseFormat({ format: choice, page }: ResolvedTransform, facts: SourceFacts): FormatName {
  const base = facts.alpha ? 'png' : 'jpg';
  if (choice.kind === 'fixed') return choice.name;
  if (choice.kind === 'auto' && page === null && isAnimation(facts)) return choice.bucket === 'base' ? 'gif' : 'webp';
  if (choice.kind === 'auto') return choice.bucket === 'base' ? base : choice.bucket;
  return kept.includes(facts.format) ? facts.format : base;
}

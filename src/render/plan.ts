import { Failure } from '../errors.ts';
import type { Encoding, FormatName } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { longestSide } from '../transform/params/size.ts';
import type { FormatChoice, ResolvedTransform } from '../transform/transform.ts';
import { applyComponent } from './component.ts';
import type { Size } from './geometry.ts';
import { grounded } from './ground.ts';
import { type SourceFacts, svgMediaType } from './source-facts.ts';
import { checkPixels, type Stage, settleTurn } from './stage.ts';
import type { Step } from './steps/index.ts';
import { turnOfOrientation } from './turn.ts';

/** Everything that will happen to a picture, decided: plain data, whole pixels. It is hashed and crosses a process boundary. */
export interface RenderPlan {
  /** SVG is opened in another way than everything else. */
  readonly source: 'pixels' | 'svg';
  /** Page or frame of the original, from 0. */
  readonly page: number;
  readonly steps: readonly Step[];
  readonly format: FormatName;
  readonly encoding: Encoding;
  /** The original's colour profile stays, and with it the numbers of its colours; only where it is a sound one of RGB. */
  readonly profile?: true;
  /** The original's artist and copyright stay. */
  readonly attribution?: true;
  /** The encoder would turn the answer by the original's orientation, so the pixels leave their file first. */
  readonly untagged?: true;
  /** Of the answer, in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface PlanLimits {
  /** Most pixels of an answer or of any picture on the way. */
  readonly maxOutput: number;
}

/** What of an original a plan is made from. */
export interface PlanSource {
  readonly facts: SourceFacts;
  /** Share of the upright width and height, 0 to 1 each. */
  readonly focalPoint: readonly [x: number, y: number] | null;
}

/**
 * Decides the geometry once, exactly to the pixel, without touching any.
 * @throws Failure `over-limit` where the answer, or a picture on the way to it, is beyond a limit, or a crop lies outside.
 */
export function planRender(asked: ResolvedTransform, source: PlanSource, limits: PlanLimits): RenderPlan {
  const { facts, focalPoint } = source;
  const size = { width: facts.width, height: facts.height };
  const focal = focalPoint === null ? null : { x: focalPoint[0] * size.width, y: focalPoint[1] * size.height };
  const upright = turnOfOrientation(facts.orientation);
  const stage: Stage = { steps: [], mostPixels: limits.maxOutput, upright, size, focal, turn: upright };
  for (const component of asked.components) applyComponent(stage, component);
  settleTurn(stage);
  const format = chooseFormat(asked.format, facts);
  checkPixels(stage, stage.size);
  checkSides(stage.size, format);
  const encoding = formats[format].encode({
    ...(asked.quality === null ? {} : { quality: asked.quality }),
    ...(asked.chroma === null ? {} : { chroma: asked.chroma }),
    ...(asked.loss === null ? {} : { loss: asked.loss }),
    ...(asked.progressive ? { progressive: true } : {}),
    ...(asked.density === null ? {} : { density: asked.density }),
    pixels: stage.size.width * stage.size.height,
  });
  const ground = grounded(stage.steps, { asked, alpha: facts.alpha, format });
  const steps: readonly Step[] = asked.colourSpace === 'bw' ? [...ground, { kind: 'grey' }] : ground;
  const kept = {
    ...(asked.colourSpace === 'keep' ? { profile: true as const } : {}),
    ...(asked.attribution && formats[format].exif ? { attribution: true as const } : {}),
    ...(facts.orientation !== 1 && formats[format].tagsOrientation ? { untagged: true as const } : {}),
  };
  const drawn = facts.mediaType === svgMediaType ? 'svg' : 'pixels';
  return { source: drawn, page: 0, steps, format, encoding, ...kept, ...stage.size };
}

function checkSides({ width, height }: Size, format: FormatName): void {
  const most = Math.min(longestSide, formats[format].maxSide);
  if (width > most || height > most) {
    throw new Failure(
      'over-limit',
      `Expected sides of at most ${most} px but this picture would be ${width}×${height}`,
    );
  }
}

const kept: readonly FormatName[] = ['jpg', 'png', 'webp', 'gif', 'avif'];

/** Formats a picture keeps when none is asked for; the rest becomes png with alpha, else jpg. */
function chooseFormat(choice: FormatChoice, facts: SourceFacts): FormatName {
  const base = facts.alpha ? 'png' : 'jpg';
  if (choice.kind === 'fixed') return choice.name;
  if (choice.kind === 'auto') return choice.bucket === 'base' ? base : choice.bucket;
  return kept.includes(facts.format) ? facts.format : base;
}

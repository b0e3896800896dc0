import type { Sharp } from 'sharp';
import { type Blur, blur } from './blur.ts';
import { type Brightness, brightness } from './brightness.ts';
import { type Clahe, clahe } from './clahe.ts';
import { type Colorize, colorize } from './colorize.ts';
import { type Contrast, contrast } from './contrast.ts';
import { type Crop, crop } from './crop.ts';
import { type Duotone, duotone } from './duotone.ts';
import { type Flatten, flatten } from './flatten.ts';
import { type Gamma, gamma } from './gamma.ts';
import { type Grayscale, grayscale } from './grayscale.ts';
import { type Grey, grey } from './grey.ts';
import { type Hue, hue } from './hue.ts';
import { type Median, median } from './median.ts';
import { type Negate, negate } from './negate.ts';
import { type Normalize, normalize } from './normalize.ts';
import { type Opacity, opacity } from './opacity.ts';
import { type Overlay, overlay } from './overlay.ts';
import { type Pad, pad } from './pad.ts';
import { type PadBlurred, padBlurred } from './pad-blurred.ts';
import { type Pixelate, pixelate } from './pixelate.ts';
import { type Resize, resize } from './resize.ts';
import { type Rotate, rotate } from './rotate.ts';
import { type Round, round } from './round.ts';
import { type Saturation, saturation } from './saturation.ts';
import { type Sepia, sepia } from './sepia.ts';
import { type Sharpen, sharpen } from './sharpen.ts';
import { type SharpenTranslucent, sharpenTranslucent } from './sharpen-translucent.ts';
import { type SmartCrop, smartCrop } from './smart-crop.ts';
import type { PaintKind, Picture, Settled, StepKind } from './step.ts';
import { type Threshold, threshold } from './threshold.ts';
import { type Tint, tint } from './tint.ts';
import { type Trim, trim } from './trim.ts';
import { type Turn, turn } from './turn.ts';
import { type Underlay, underlay } from './underlay.ts';
import { type UnsharpMask, unsharpMask } from './unsharp-mask.ts';
import { type Untag, untag } from './untag.ts';

/** What moves pixels or changes how many there are. */
type Move = Turn | Trim | Resize | SmartCrop | Crop | Pad | PadBlurred | Rotate;

/** What changes how pixels look, each on its own or with its neighbours. */
type Effect =
  | Normalize
  | Clahe
  | Gamma
  | Brightness
  | Contrast
  | Saturation
  | Hue
  | Grayscale
  | Tint
  | Colorize
  | Duotone
  | Sepia
  | Negate
  | Threshold
  | Median
  | Blur
  | Pixelate
  | Sharpen
  | SharpenTranslucent
  | UnsharpMask;

/** A layer is made by steps of its own. */
interface Layering extends Overlay<Step> {}

export type Step = Move | Effect | Round | Layering | Opacity | Untag | Underlay | Flatten | Grey;

/** A step that leaves nothing to be looked up. */
export type SettledStep = Settled<Step>;

type Kinds = {
  readonly [K in Step['kind']]: StepKind<Extract<Step, { kind: K }>> | PaintKind<Extract<Step, { kind: K }>>;
};

/** What can happen to a picture, in the order of the documents. */
const kinds: Kinds = {
  turn,
  trim,
  resize,
  'smart-crop': smartCrop,
  crop,
  pad,
  'pad-blurred': padBlurred,
  rotate,
  normalize,
  clahe,
  gamma,
  brightness,
  contrast,
  saturation,
  hue,
  grayscale,
  tint,
  colorize,
  duotone,
  sepia,
  negate,
  threshold,
  median,
  blur,
  pixelate,
  sharpen,
  'sharpen-translucent': sharpenTranslucent,
  'unsharp-mask': unsharpMask,
  round,
  overlay,
  opacity,
  untag,
  underlay,
  flatten,
  grey,
};

// A step's own kind finds its row; the union over all rows hides that from the compiler.
const kindOf = (step: { readonly kind: Step['kind'] }) => kinds[step.kind] as StepKind<Step> | PaintKind<Step>;

/** `kind:pipeline` of a step and of all that are in it, for a variant's name. */
export function pipelinesOf(step: Step): readonly string[] {
  const own = `${step.kind}:${kindOf(step).pipeline}`;
  if (step.kind !== 'overlay' || 'pixels' in step.layer) return [own];
  const inside = step.layer.rest === undefined ? step.layer.steps.flatMap(pipelinesOf) : allPipelines;
  return [own, ...inside, `text:${textPipeline}`];
}

/** Bumped by hand when the same text shall be drawn in another way. */
const textPipeline = 1;

const moves: readonly Step['kind'][] = ['turn', 'resize', 'smart-crop', 'crop', 'pad', 'rotate', 'round'];

/** Whether a step leaves every pixel's look as it is, so that a ground may be laid before it as well as after it. */
export const movesOnly = ({ kind }: Step): boolean => moves.includes(kind);

/** Of every kind, for a plan that does not know its last steps yet. */
export const allPipelines: readonly string[] = Object.values(kinds).map(({ kind, pipeline }) => `${kind}:${pipeline}`);

/** Steps that can be done at once: by libvips in one pipeline, in its own order, or by those that paint. */
export interface Pass<S = SettledStep> {
  readonly by: 'libvips' | 'hand';
  readonly steps: readonly S[];
}

/** The first is libvips', perhaps without steps. */
export type Passes<S = SettledStep> = readonly [Pass<S>, ...Pass<S>[]];

/** Cuts the list where slots stop rising, and where painting begins or ends. */
export function passesOf<S extends { readonly kind: Step['kind'] }>(steps: readonly S[]): Passes<S> {
  interface Growing {
    readonly by: Pass['by'];
    readonly steps: S[];
  }
  const passes: [Growing, ...Growing[]] = [{ by: 'libvips', steps: [] }];
  let slot = Number.NEGATIVE_INFINITY;
  for (const step of steps) {
    const kind = kindOf(step);
    if ('paint' in kind) {
      if (passes.at(-1)?.by !== 'hand') passes.push({ by: 'hand', steps: [] });
      passes.at(-1)?.steps.push(step);
      slot = Number.POSITIVE_INFINITY;
      continue;
    }
    if (kind.slot <= slot) passes.push({ by: 'libvips', steps: [] });
    passes.at(-1)?.steps.push(step);
    slot = kind.slot;
  }
  return passes;
}

/** Adds steps to a pipeline. */
export function applySteps(image: Sharp, steps: readonly SettledStep[]): Sharp {
  return steps.reduce((so, step) => {
    const kind = kindOf(step);
    return 'apply' in kind ? kind.apply(so, step) : so;
  }, image);
}

/** Does steps that paint. */
export async function paintSteps(picture: Picture, steps: readonly SettledStep[]): Promise<Picture> {
  let so = picture;
  for (const step of steps) {
    const kind = kindOf(step);
    if ('paint' in kind) so = await kind.paint(so, step);
  }
  return so;
}

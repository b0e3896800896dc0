import type { Sharp } from 'sharp';
import { type BlurStep, blurStep } from './blur.ts';
import { type BrightnessStep, brightnessStep } from './brightness.ts';
import { type ClaheStep, claheStep } from './clahe.ts';
import { type ColorizeStep, colorizeStep } from './colorize.ts';
import { type ContrastStep, contrastStep } from './contrast.ts';
import { type CropStep, cropStep } from './crop.ts';
import { type DuotoneStep, duotoneStep } from './duotone.ts';
import { type FlattenStep, flattenStep } from './flatten.ts';
import { type GammaStep, gammaStep } from './gamma.ts';
import { type GrayscaleStep, grayscaleStep } from './grayscale.ts';
import { type GreyStep, greyStep } from './grey.ts';
import { type HueStep, hueStep } from './hue.ts';
import { type MedianStep, medianStep } from './median.ts';
import { type NegateStep, negateStep } from './negate.ts';
import { type NormalizeStep, normalizeStep } from './normalize.ts';
import { type OpacityStep, opacityStep } from './opacity.ts';
import { type OverlayStep, overlayStep } from './overlay.ts';
import { type PadStep, padStep } from './pad.ts';
import { type PadBlurredStep, padBlurredStep } from './pad-blurred.ts';
import { type PixelateStep, pixelateStep } from './pixelate.ts';
import { type ResizeStep, resizeStep } from './resize.ts';
import { type RotateStep, rotateStep } from './rotate.ts';
import { type RoundStep, roundStep } from './round.ts';
import { type SaturationStep, saturationStep } from './saturation.ts';
import { type SepiaStep, sepiaStep } from './sepia.ts';
import { type SharpenStep, sharpenStep } from './sharpen.ts';
import { type SharpenTranslucentStep, sharpenTranslucentStep } from './sharpen-translucent.ts';
import { type SmartCropStep, smartCropStep } from './smart-crop.ts';
import type { PaintStep, RawPicture, Settled, SharpStep } from './step.ts';
import { type ThresholdStep, thresholdStep } from './threshold.ts';
import { type TintStep, tintStep } from './tint.ts';
import { type TrimStep, trimStep } from './trim.ts';
import { type TurnStep, turnStep } from './turn.ts';
import { type UnderlayStep, underlayStep } from './underlay.ts';
import { type UnsharpMaskStep, unsharpMaskStep } from './unsharp-mask.ts';
import { type UntagStep, untagStep } from './untag.ts';

/** What moves pixels or changes how many there are. */
type Move = TurnStep | TrimStep | ResizeStep | SmartCropStep | CropStep | PadStep | PadBlurredStep | RotateStep;

/** What changes how pixels look, each on its own or with its neighbours. */
type Effect =
  | NormalizeStep
  | ClaheStep
  | GammaStep
  | BrightnessStep
  | ContrastStep
  | SaturationStep
  | HueStep
  | GrayscaleStep
  | TintStep
  | ColorizeStep
  | DuotoneStep
  | SepiaStep
  | NegateStep
  | ThresholdStep
  | MedianStep
  | BlurStep
  | PixelateStep
  | SharpenStep
  | SharpenTranslucentStep
  | UnsharpMaskStep;

/** A layer is made by steps of its own. */
interface Layering extends OverlayStep<Step> {}

export type Step =
  | Move
  | Effect
  | RoundStep
  | Layering
  | OpacityStep
  | UntagStep
  | UnderlayStep
  | FlattenStep
  | GreyStep;

/** A step that leaves nothing to be looked up. */
export type SettledStep = Settled<Step>;

type Kinds = {
  readonly [K in Step['kind']]: SharpStep<Extract<Step, { kind: K }>> | PaintStep<Extract<Step, { kind: K }>>;
};

/** What can happen to a picture, in the order of the documents. */
const kinds: Kinds = {
  turn: turnStep,
  trim: trimStep,
  resize: resizeStep,
  'smart-crop': smartCropStep,
  crop: cropStep,
  pad: padStep,
  'pad-blurred': padBlurredStep,
  rotate: rotateStep,
  normalize: normalizeStep,
  clahe: claheStep,
  gamma: gammaStep,
  brightness: brightnessStep,
  contrast: contrastStep,
  saturation: saturationStep,
  hue: hueStep,
  grayscale: grayscaleStep,
  tint: tintStep,
  colorize: colorizeStep,
  duotone: duotoneStep,
  sepia: sepiaStep,
  negate: negateStep,
  threshold: thresholdStep,
  median: medianStep,
  blur: blurStep,
  pixelate: pixelateStep,
  sharpen: sharpenStep,
  'sharpen-translucent': sharpenTranslucentStep,
  'unsharp-mask': unsharpMaskStep,
  round: roundStep,
  overlay: overlayStep,
  opacity: opacityStep,
  untag: untagStep,
  underlay: underlayStep,
  flatten: flattenStep,
  grey: greyStep,
};

// A step's own kind finds its row; the union over all rows hides that from the compiler.
const kindOf = (step: { readonly kind: Step['kind'] }) => kinds[step.kind] as SharpStep<Step> | PaintStep<Step>;

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
export async function paintSteps(picture: RawPicture, steps: readonly SettledStep[]): Promise<RawPicture> {
  let so = picture;
  for (const step of steps) {
    const kind = kindOf(step);
    if ('paint' in kind) so = await kind.paint(so, step);
  }
  return so;
}

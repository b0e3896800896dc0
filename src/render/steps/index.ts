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

/** Steps that move pixels or change the size. */
type Move = TurnStep | TrimStep | ResizeStep | SmartCropStep | CropStep | PadStep | PadBlurredStep | RotateStep;

/** Steps that change pixel values. */
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

/** An overlay, whose layer has steps of its own. */
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

/** A step whose `auto` colours are looked up. */
export type SettledStep = Settled<Step>;

type Kinds = {
  readonly [K in Step['kind']]: SharpStep<Extract<Step, { kind: K }>> | PaintStep<Extract<Step, { kind: K }>>;
};

/** All steps, in the order of the documentation. */
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

// The step belongs to the row of its kind; the compiler sees only the union of all rows.
const kindOf = (step: { readonly kind: Step['kind'] }) => kinds[step.kind] as SharpStep<Step> | PaintStep<Step>;

/** `kind:pipeline` of a step and of all steps of its layer, for the variant's key. */
export function pipelinesOf(step: Step): readonly string[] {
  const own = `${step.kind}:${kindOf(step).pipeline}`;
  if (step.kind !== 'overlay' || 'pixels' in step.layer) return [own];
  const inside = step.layer.rest === undefined ? step.layer.steps.flatMap(pipelinesOf) : allPipelines;
  return [own, ...inside, `text:${textPipeline}`];
}

/** Bump it by hand when equal text is drawn differently. */
const textPipeline = 1;

const moves: readonly Step['kind'][] = ['turn', 'resize', 'smart-crop', 'crop', 'pad', 'rotate', 'round'];

/** Whether a step keeps pixel values, so that a background may be laid before or after it. */
export const movesOnly = ({ kind }: Step): boolean => moves.includes(kind);

/** `kind:pipeline` of all steps, for a plan whose last steps are not known yet. */
export const allPipelines: readonly string[] = Object.values(kinds).map(({ kind, pipeline }) => `${kind}:${pipeline}`);

/** Steps that run together: in one libvips pipeline, in its fixed order, or painted by our own code. */
export interface Pass<S = SettledStep> {
  readonly by: 'libvips' | 'hand';
  readonly steps: readonly S[];
}

/** The first pass is one of libvips, possibly without steps. */
export type Passes<S = SettledStep> = readonly [Pass<S>, ...Pass<S>[]];

/** Splits steps into passes: where slots do not rise, and between libvips and painted steps. */
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

/** Adds libvips steps to a pipeline. */
export function applySteps(image: Sharp, steps: readonly SettledStep[]): Sharp {
  return steps.reduce((so, step) => {
    const kind = kindOf(step);
    return 'apply' in kind ? kind.apply(so, step) : so;
  }, image);
}

/** Runs painted steps. */
export async function paintSteps(picture: RawPicture, steps: readonly SettledStep[]): Promise<RawPicture> {
  let so = picture;
  for (const step of steps) {
    const kind = kindOf(step);
    if ('paint' in kind) so = await kind.paint(so, step);
  }
  return so;
}

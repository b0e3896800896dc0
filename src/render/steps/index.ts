import type { Sharp } from 'sharp';
import { type Crop, crop } from './crop.ts';
import { type Flatten, flatten } from './flatten.ts';
import { type Pad, pad } from './pad.ts';
import { type Resize, resize } from './resize.ts';
import { type Rotate, rotate } from './rotate.ts';
import { type Round, round } from './round.ts';
import { type SmartCrop, smartCrop } from './smart-crop.ts';
import type { StepKind } from './step.ts';
import { type Turn, turn } from './turn.ts';

export type Step = Turn | Resize | SmartCrop | Crop | Pad | Rotate | Round | Flatten;

/** What can happen to a picture, in the order of the documents. */
const kinds: { readonly [K in Step['kind']]: StepKind<Extract<Step, { kind: K }>> } = {
  turn,
  resize,
  'smart-crop': smartCrop,
  crop,
  pad,
  rotate,
  round,
  flatten,
};

// A step's own kind finds its row; the union over all rows hides that from the compiler.
const kindOf = (step: Step) => kinds[step.kind] as StepKind<Step>;

export const slotOf = (step: Step): number => kindOf(step).slot;

/** `kind:pipeline`, for a variant's name. */
export const pipelineOf = (step: Step): string => `${step.kind}:${kindOf(step).pipeline}`;

export function applyStep(image: Sharp, step: Step): Sharp {
  return kindOf(step).apply(image, step);
}

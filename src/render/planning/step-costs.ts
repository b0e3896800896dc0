import type { Size } from '../geometry.ts';
import type { Step } from '../steps/index.ts';

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** Milliseconds per million pixels of the larger one of a step's input and output, by kind of step. */
type Weights = { readonly [K in Step['kind']]: number | ((step: StepOf<K>) => number) };

/** Measured on one core with sharp 0.35 at 3 MP, rounded up. */
const weights: Weights = {
  turn: 11,
  trim: 8,
  resize: 2,
  'smart-crop': 10,
  crop: 2,
  pad: 4,
  'pad-blurred': 38,
  rotate: 13,
  normalize: 16,
  clahe: ({ across, down }) => 40 + (across * down) / 100,
  gamma: 4,
  brightness: 4,
  contrast: 4,
  saturation: 14,
  hue: 15,
  grayscale: 20,
  tint: 20,
  colorize: 21,
  duotone: 17,
  sepia: 24,
  negate: 5,
  threshold: 17,
  median: ({ side }) => (side === 3 ? 95 : 135),
  blur: ({ sigma }) => 2 + 0.5 * sigma + sigma ** 2 / 160,
  pixelate: 60,
  sharpen: 50,
  'sharpen-translucent': 73,
  'unsharp-mask': 70,
  round: 10,
  overlay: 20,
  opacity: 9,
  untag: 0,
  underlay: 260,
  flatten: 5,
  grey: 5,
};

/** Cost of enlarging, which interpolates each output pixel from 36. */
const enlarging = 25;

/** Cost of a list of steps, and their largest intermediate image. */
export interface StepsCost {
  readonly milliseconds: number;
  /** Pixels of one frame. */
  readonly largest: number;
}

/** Estimates the cost of steps on an image of size `begun`. `layerSize` returns the size of a layer's original. */
export function costOfSteps(steps: readonly Step[], begun: Size, layerSize: (version: string) => Size): StepsCost {
  let [size, milliseconds, largest] = [begun, 0, 0];
  for (const step of steps) {
    const next = sizeAfter(step, size);
    const pixels = Math.max(area(size), area(next));
    milliseconds += (pixels / 1e6) * weightOf(step, size);
    // The input is not counted, because an image that is only scaled down is never held completely.
    largest = Math.max(largest, area(next));
    if (step.kind === 'overlay' && 'origin' in step.layer) {
      const { origin, steps: inside } = step.layer;
      const layer = costOfSteps(inside, origin.kind === 'file' ? layerSize(origin.version) : next, layerSize);
      milliseconds += layer.milliseconds;
      largest = Math.max(largest, layer.largest);
    }
    size = next;
  }
  return { milliseconds, largest };
}

function weightOf(step: Step, { width, height }: Size): number {
  if (step.kind === 'resize' && (step.width > width || step.height > height)) return enlarging;
  // The step belongs to the row of its kind; the compiler sees only the union of all rows.
  const weight = weights[step.kind] as number | ((step: Step) => number);
  return typeof weight === 'number' ? weight : weight(step);
}

function sizeAfter(step: Step, size: Size): Size {
  if (step.kind === 'turn') {
    const { width, height } = size;
    return step.turn.quarters % 2 === 0 ? size : { width: height, height: width };
  }
  if (step.kind === 'pad') {
    return { width: size.width + step.left + step.right, height: size.height + step.top + step.bottom };
  }
  if (step.kind === 'rotate') {
    const radians = (step.degrees * Math.PI) / 180;
    const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
    return { width: size.width * cos + size.height * sin, height: size.width * sin + size.height * cos };
  }
  return 'width' in step ? { width: step.width, height: step.height } : size;
}

const area = ({ width, height }: Size): number => width * height;

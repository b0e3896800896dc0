import type { FormatName } from '../../formats/format.ts';
import type { RenderPlan } from './plan.ts';
import { sharedBy } from './shared-decode.ts';
import { costOfSteps } from './step-costs.ts';

/** Estimated cost of a render, from the facts of its originals and its plan. */
export interface Cost {
  /** Milliseconds independent of the size: opening files, starting decoders and encoders, returning the result. */
  readonly fixed: number;
  /** Milliseconds for pixels on one core of a reference machine. `Speed` learns the ratio to this machine. */
  readonly milliseconds: number;
  /** Peak bytes of decoded pixels. */
  readonly memory: number;
}

export const noCost: Cost = { fixed: 0, milliseconds: 0, memory: 0 };

/** An image to decode: an original, or a working copy. */
export interface Decodable {
  readonly width: number;
  readonly height: number;
  readonly format: FormatName | 'copy';
  /** SHA-256 of the file, by which overlay steps refer to the original of a layer. */
  readonly version?: string;
}

/** Milliseconds to decode a million pixels, on one core with sharp 0.35. JPEG: decoding at a fraction of the size. */
const decoding: Readonly<Record<Decodable['format'], number>> = {
  jpg: 3,
  png: 11,
  webp: 12,
  avif: 25,
  gif: 12,
  tiff: 6,
  copy: 2,
};
/** Milliseconds to decode a million pixels of a JPEG, by the factor that reduces its sides meanwhile. */
const decodingJpeg: Readonly<Record<number, number>> = { 1: 6, 2: 4, 4: 3, 8: 2.5 };
const encoding: Readonly<Record<FormatName, number>> = { jpg: 8, png: 60, webp: 90, avif: 120, gif: 250, tiff: 30 };
/**
 * Milliseconds per million pixels of an animated GIF, with a palette per frame. Measured: 250 to 550, more with noise.
 */
const gifFrames = 400;

/** Formats that are decoded completely into memory. For others, memory depends on the output size. */
const wholly = new Set<Decodable['format']>(['webp', 'avif', 'gif']);

/** Milliseconds per render independent of pixels. Measured: 1.5 to 2.7, from 64 × 48 to 20 × 15. */
const fixedOfOne = 2;

const bytesOfSource = 4;
const bytesOfAnswer = 8;

/** Milliseconds to decode an image. `divisor`: factor by which the decoder reduces the sides. */
export function decodingOf({ width, height, format }: Decodable, divisor = 1): number {
  return ((width * height) / 1e6) * (format === 'jpg' ? (decodingJpeg[divisor] ?? 0) : decoding[format]);
}

/**
 * Cost of several renders of one original with its layers: decoding, each step by the pixels it processes, and
 * encoding. Plans with equal pixels share decoding and steps.
 */
export function costOf(sources: readonly Decodable[], plans: readonly RenderPlan[]): Cost {
  const costs = sharedBy(plans).map((sharing) => costOfSharing(sources, sharing));
  return {
    fixed: fixedOfOne * plans.length,
    milliseconds: sum(costs.map(({ milliseconds }) => milliseconds)),
    memory: Math.max(0, ...costs.map(({ memory }) => memory)),
  };
}

function costOfSharing(
  sources: readonly Decodable[],
  plans: readonly [RenderPlan, ...RenderPlan[]],
): Omit<Cost, 'fixed'> {
  const [{ steps, frames = 1 }] = plans;
  const [base = { width: 0, height: 0 }, ...layers] = sources;
  const layerSize = (version: string) => layers.find((layer) => layer.version === version) ?? base;
  const stepped = costOfSteps(steps, base, layerSize);
  const answers = plans.map(({ width, height, format }) => {
    // The size after a trim is unknown, so the full size is used.
    const page = width === 0 ? base.width * base.height : width * height;
    return { pixels: page * frames, format };
  });
  const largest = Math.max(stepped.largest * frames, ...answers.map(({ pixels }) => pixels));
  // All frames are decoded only if the output is an animation.
  const read = sources.map(({ width, height, format }) => ({ pixels: width * height * frames, format }));
  const held = read.map(({ pixels, format }) => (wholly.has(format) ? pixels : Math.min(pixels, 4 * largest)));
  return {
    milliseconds:
      sum(read.map(({ pixels, format }) => (pixels / 1e6) * decoding[format])) +
      stepped.milliseconds * frames +
      sum(answers.map(({ pixels, format }) => (pixels / 1e6) * encodingOf(format, frames))),
    memory: sum(held) * bytesOfSource + largest * bytesOfAnswer,
  };
}

const encodingOf = (format: FormatName, frames: number): number =>
  format === 'gif' && frames > 1 ? gifFrames : encoding[format];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

import type { FormatName } from '../../formats/format.ts';
import type { RenderPlan } from './plan.ts';
import { sharedBy } from './shared-decode.ts';
import { costOfSteps } from './step-costs.ts';

/** What it takes to make a picture, as far as its facts and its plan say. */
export interface Cost {
  /** Milliseconds whatever the size: to open files, to start decoders and encoders, to hand over the answer. */
  readonly fixed: number;
  /** Milliseconds for pixels, of one ordinary core; `Speed` learns how this machine compares. */
  readonly milliseconds: number;
  /** Bytes of decoded pixels at its peak. */
  readonly memory: number;
}

export const noCost: Cost = { fixed: 0, milliseconds: 0, memory: 0 };

/** What is decoded: an original, or a working copy of one. */
export interface Decodable {
  readonly width: number;
  readonly height: number;
  readonly format: FormatName | 'copy';
  /** SHA-256 of its bytes, by which steps name the original of a layer. */
  readonly version?: string;
}

/** Milliseconds for a million pixels; JPEG's are those of decoding at a fraction of the size. Measured on one core with sharp 0.35. */
const decoding: Readonly<Record<Decodable['format'], number>> = {
  jpg: 3,
  png: 11,
  webp: 12,
  avif: 25,
  gif: 12,
  tiff: 6,
  copy: 2,
};
/** JPEG's by what its sides are divided by meanwhile. */
const decodingJpeg: Readonly<Record<number, number>> = { 1: 6, 2: 4, 4: 3, 8: 2.5 };
const encoding: Readonly<Record<FormatName, number>> = { jpg: 8, png: 60, webp: 90, avif: 120, gif: 250, tiff: 30 };
/** Frames of a GIF take a palette each: 250 to 550, the noisier the more. */
const gifFrames = 400;

/** Formats that are decoded whole, whatever is made of them; of others only about as much as the answer needs is held. */
const wholly = new Set<Decodable['format']>(['webp', 'avif', 'gif']);

/** Milliseconds of one rendering beside what its pixels take: 1.5 to 2.7 where 64 × 48 become 20 × 15. Measured as above. */
const fixedOfOne = 2;

const bytesOfSource = 4;
const bytesOfAnswer = 8;

/** Milliseconds for decoding it; `divisor`: what its decoder may divide sides by. */
export function decodingOf({ width, height, format }: Decodable, divisor = 1): number {
  return ((width * height) / 1e6) * (format === 'jpg' ? (decodingJpeg[divisor] ?? 0) : decoding[format]);
}

/**
 * What renderings of one original and its layers take: decoding, each step on as many pixels as it sees, and encoding.
 * Plans with the same pixels share the first two.
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
    // What is trimmed has no size before.
    const page = width === 0 ? base.width * base.height : width * height;
    return { pixels: page * frames, format };
  });
  const largest = Math.max(stepped.largest * frames, ...answers.map(({ pixels }) => pixels));
  // A whole animation is decoded for an animation alone.
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

import { alphaAt, byTable, lightnessAt } from './pixels.ts';
import type { PaintStep, RawPicture } from './step.ts';

/** Stretches lightness over its full range. */
export interface NormalizeStep {
  readonly kind: 'normalize';
}

/** Share of pixels that may become black, and share that may become white. */
const share = 0.01;

/** Lightness values that cut off `share` at the dark and at the light end, weighted by alpha. */
function ends(picture: RawPicture): readonly [low: number, high: number] {
  const counts = new Float64Array(256);
  let sum = 0;
  for (let at = 0; at < picture.pixels.length; at += picture.channels) {
    const alpha = alphaAt(picture, at);
    const lightness = lightnessAt(picture.pixels, at);
    counts[lightness] = (counts[lightness] ?? 0) + alpha;
    sum += alpha;
  }
  const first = (order: readonly number[]) => {
    let seen = 0;
    return order.find((lightness) => (seen += counts[lightness] ?? 0) > sum * share) ?? 0;
  };
  const rising = Array.from(counts.keys());
  return [first(rising), first(rising.toReversed())];
}

/**
 * `out = (in − low) · 255 / (high − low)` for every channel. One percent of the pixels, weighted by alpha, is darker
 * than `low`, and one percent lighter than `high`. An image of a single lightness is unchanged.
 */
export const normalizeStep: PaintStep<NormalizeStep> = {
  kind: 'normalize',
  pipeline: 1,
  paint(picture) {
    const [low, high] = ends(picture);
    return high <= low ? picture : byTable(picture, (value) => ((value - low) * 255) / (high - low));
  },
};

import { withAlpha } from './pixels.ts';
import type { PaintStep } from './step.ts';

/** Makes the image translucent. */
export interface OpacityStep {
  readonly kind: 'opacity';
  /** 0 (invisible) to 100. */
  readonly percent: number;
}

/** `alpha′ = alpha · percent / 100`. */
export const opacityStep: PaintStep<OpacityStep> = {
  kind: 'opacity',
  pipeline: 1,
  paint(picture, { percent }) {
    const seen = withAlpha(picture);
    for (let at = 3; at < seen.pixels.length; at += 4) {
      seen.pixels[at] = Math.round(((seen.pixels[at] ?? 0) * percent) / 100);
    }
    return seen;
  },
};

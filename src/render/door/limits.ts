import type { DoorPolicy } from '../door-policy.ts';
import { refused } from './refusal.ts';

/** Sides of one page in pixels, and how many pages or frames there are. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly pages: number;
}

/** Refuses what has no pixels, or too many: in one page, in number of pages, in all of them together. */
export function checkSize({ width, height, pages }: PictureSize, policy: DoorPolicy): void {
  if (width < 1 || height < 1) throw refused(`Expected sides of at least 1 pixel but they are ${width}×${height}`);
  const pixels = width * height;
  if (pixels > policy.maxPixels) {
    throw refused(`Expected at most ${policy.maxPixels} pixels but ${width}×${height} are ${pixels}`);
  }
  if (pages > policy.maxFrames) {
    throw refused(`Expected at most ${policy.maxFrames} frames or pages but there are more`);
  }
  if (pixels * pages > policy.maxTotalPixels) {
    throw refused(
      `Expected at most ${policy.maxTotalPixels} pixels in all frames but ${pages} of ${width}×${height} are ${pixels * pages}`,
    );
  }
}

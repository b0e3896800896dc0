import { refused } from './refusal.ts';
import type { UploadPolicy } from './upload-policy.ts';

/** Size of one page in pixels, and the number of pages or frames. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly pages: number;
}

/** Refuses an image without pixels, or with too many: in one page, in the number of pages, or in all pages together. */
export function checkSize({ width, height, pages }: PictureSize, policy: UploadPolicy): void {
  if (width < 1 || height < 1) throw refused(`Expected sides of at least 1 pixel but they are ${width}×${height}`);
  const pixels = width * height;
  if (pixels > policy.maxPixels) {
    throw refused(`Expected at most ${policy.maxPixels} pixels but ${width}×${height} are ${pixels}`);
  }
  if (policy.maxSide !== undefined && Math.max(width, height) > policy.maxSide) {
    throw refused(`Expected sides of at most ${policy.maxSide} pixels but they are ${width}×${height}`);
  }
  checkCount(pages, policy);
  checkTotal(pixels * pages, policy);
}

/** Like `checkSize`, for pages of different sizes. */
export function checkPages(sizes: readonly Omit<PictureSize, 'pages'>[], policy: UploadPolicy): void {
  checkCount(sizes.length, policy);
  let total = 0;
  for (const size of sizes) {
    checkSize({ ...size, pages: 1 }, policy);
    total += size.width * size.height;
  }
  checkTotal(total, policy);
}

function checkCount(pages: number, { maxFrames }: UploadPolicy): void {
  if (pages > maxFrames) throw refused(`Expected at most ${maxFrames} frames or pages but there are more`);
}

function checkTotal(pixels: number, { maxTotalPixels }: UploadPolicy): void {
  if (pixels > maxTotalPixels) {
    throw refused(`Expected at most ${maxTotalPixels} pixels in all frames together but they are ${pixels}`);
  }
}

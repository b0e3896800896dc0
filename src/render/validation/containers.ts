import type { FormatName } from '../../formats/format.ts';
import type { FileBytes } from './file-bytes.ts';
import { walkGif } from './gif-blocks.ts';
import { checkScans } from './jpeg-scans.ts';
import { checkPages, checkSize } from './limits.ts';
import { walkPng } from './png-chunks.ts';
import { refused } from './refusal.ts';
import { walkTiff } from './tiff-directories.ts';
import type { UploadPolicy } from './upload-policy.ts';
import { walkWebp } from './webp-chunks.ts';

/**
 * Checks limits in the container before decoding, where the decoder would notice them too late. Throws `refused-image`.
 */
export function checkContainer(file: FileBytes, format: FormatName, policy: UploadPolicy): void {
  switch (format) {
    case 'jpg':
      return checkScans(file);
    case 'png':
      return checkSize({ ...walkPng(file), pages: 1 }, policy);
    case 'gif':
      return checkGif(file, policy);
    case 'webp':
      return checkWebp(file, policy);
    case 'tiff':
      return checkPages(walkTiff(file, policy.maxFrames), policy);
    case 'avif':
      // libheif checks its own limits, and compares the sizes of AV1 and of the container.
      return;
  }
}

function checkGif(file: FileBytes, policy: UploadPolicy): void {
  const { width, height, frames } = walkGif(file, policy.maxFrames);
  if (frames === 0) throw refused('Expected a gif with at least one frame but it has none');
  // A screen of 0×0 is common; decoders then use the size of the frame.
  checkSize({ width: Math.max(1, width), height: Math.max(1, height), pages: frames }, policy);
}

function checkWebp(file: FileBytes, policy: UploadPolicy): void {
  const animation = walkWebp(file, policy.maxFrames);
  if (animation !== null) checkSize(animation, policy);
}

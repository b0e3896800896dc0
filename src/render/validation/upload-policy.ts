import type { FormatName } from '../../formats/format.ts';

/** What may come in. Plain data: it crosses a process boundary. */
export interface UploadPolicy {
  readonly formats: readonly FormatName[];
  /** Most pixels of one frame. */
  readonly maxPixels: number;
  /** Most pixels of all frames together. */
  readonly maxTotalPixels: number;
  readonly maxFrames: number;
  /** Longest side of a frame in pixels; absent: none but what the pixels allow. */
  readonly maxSide?: number;
  /** `convert`: HEIC is taken and becomes a JPEG; absent: it is refused. */
  readonly heic?: 'off' | 'convert';
  /** `raster`: SVG up to 1 MB is accepted and only ever leaves as pixels. */
  readonly svg: 'off' | 'raster';
}

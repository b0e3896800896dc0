import type { FormatName } from '../../formats/format.ts';

/** Limits of uploads, as plain data, because it is sent to worker processes. */
export interface UploadPolicy {
  readonly formats: readonly FormatName[];
  /** Maximum pixels of one frame. */
  readonly maxPixels: number;
  /** Maximum pixels of all frames together. */
  readonly maxTotalPixels: number;
  readonly maxFrames: number;
  /** Maximum length of a side of a frame, in pixels; absent for no extra limit. */
  readonly maxSide?: number;
  /** `convert`: HEIC is converted to JPEG. Absent or `off`: it is refused. */
  readonly heic?: 'off' | 'convert';
  /** `raster`: SVG up to 1 MB is accepted and rendered to pixels. */
  readonly svg: 'off' | 'raster';
}

import type { FormatName } from '../formats/format.ts';

/** Media type of SVG originals. They are rendered to pixels and never sent to a browser. */
export const svgMediaType = 'image/svg+xml';

/** Facts from an original's header that decisions depend on. Stored in its record. */
export interface SourceFacts {
  readonly format: FormatName;
  readonly mediaType: string;
  /** Upright size of one page, in pixels. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1 to 8; invalid values count as 1. AVIF has its own rotation and gives 1. */
  readonly orientation: number;
  readonly alpha: boolean;
  /** Number of pages or frames, at least 1. */
  readonly pages: number;
  /** Facts of each page, if pages may differ (TIFF). */
  readonly sheets?: readonly Sheet[];
}

/** Facts that may differ between pages. */
export type Sheet = Pick<SourceFacts, 'width' | 'height' | 'orientation' | 'alpha'>;

export interface PlanLimits {
  /** Maximum pixels of the output or of any intermediate image, all frames together. */
  readonly maxOutput: number;
  /** Maximum frames of the output. */
  readonly maxFrames: number;
}

/** The original as input of a plan. */
export interface PlanSource {
  readonly facts: SourceFacts;
  /** Relative position in the upright image, 0 to 1 each. */
  readonly focalPoint: readonly [x: number, y: number] | null;
}

/** An original that is used as a layer. */
export interface LayerSource extends PlanSource {
  readonly id: string;
  readonly version: string;
}

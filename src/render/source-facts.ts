import type { FormatName } from '../formats/format.ts';

/** Of an original that is drawn, not decoded; such bytes are never shown to a browser. */
export const svgMediaType = 'image/svg+xml';

/** What the header of an original says, as far as anything is decided by it. Kept with the original. */
export interface SourceFacts {
  readonly format: FormatName;
  readonly mediaType: string;
  /** Upright, in pixels, of one page. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1 to 8; garbage counts as 1. Containers that turn themselves (AVIF) say 1. */
  readonly orientation: number;
  readonly alpha: boolean;
  /** Pages or frames, at least 1. */
  readonly pages: number;
  /** Of each page, where an original has several that may differ (TIFF). */
  readonly sheets?: readonly Sheet[];
}

/** What of an original is its page's own. */
export type Sheet = Pick<SourceFacts, 'width' | 'height' | 'orientation' | 'alpha'>;

export interface PlanLimits {
  /** Most pixels of an answer or of any picture on the way, all frames together. */
  readonly maxOutput: number;
  /** Most frames of an answer. */
  readonly maxFrames: number;
}

/** What of an original a plan is made from. */
export interface PlanSource {
  readonly facts: SourceFacts;
  /** Share of the upright width and height, 0 to 1 each. */
  readonly focalPoint: readonly [x: number, y: number] | null;
}

/** An original that is laid over another. */
export interface LayerSource extends PlanSource {
  readonly id: string;
  readonly version: string;
}

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
}

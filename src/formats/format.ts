import type { Sharp } from 'sharp';
import type { FormatName, QualityLevel } from './names.ts';

/** They stand apart for the client's types, which are to be read without sharp's. */
export { type FormatName, type QualityLevel, qualityLevels } from './names.ts';

/** What a URL may ask of an encoder, and the size it will encode. Absent = not mentioned. */
export interface EncodingRequest {
  /** 1 to 100, or a level. */
  readonly quality?: number | QualityLevel;
  readonly chroma?: '444' | '420';
  readonly loss?: 'lossy' | 'lossless';
  readonly progressive?: boolean;
  /** Pixels per inch that the file is to say. */
  readonly density?: number;
  /** Pixels of the answer, all frames together: what encoders may spend depends on it. */
  readonly pixels: number;
  /** 1 for a still. */
  readonly frames: number;
}

type Encoders = Pick<Sharp, 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff'>;

/** The encoder's call as plain data: it is hashed into the variant's name and crosses a process boundary. */
export type Encoding = {
  readonly [E in keyof Encoders]: {
    readonly encoder: E;
    readonly options: Readonly<Parameters<Encoders[E]>[0] & object>;
    /** Written into the file afterwards, since sharp has no word for it alone. */
    readonly density?: number;
  };
}[keyof Encoders];

/** One output format: everything the rest of the house knows of it stands here. */
export interface Format {
  readonly name: FormatName;
  readonly mediaType: string;
  /** Extensions of a cosmetic name, the one we print first. */
  readonly extensions: readonly [string, ...string[]];
  readonly alpha: boolean;
  readonly animation: boolean;
  /** Whether it has room for EXIF, and so for the names of artist and owner. */
  readonly exif: boolean;
  /** libvips writes the orientation that pixels came with, though no metadata is kept; measured with libvips 8.18. */
  readonly tagsOrientation: boolean;
  /** Longest side its container can hold, in pixels. */
  readonly maxSide: number;
  /** Qualities among which the one that suffices is looked for, the lowest first; null where loss is no matter of a number. */
  readonly qualities: readonly [least: number, most: number] | null;
  /** What `q` does here, for the reference. */
  readonly quality: string;
  /** Bumped by hand when the same settings shall give other pixels or bytes; old variants are then no longer found. */
  readonly pipeline: number;
  /** Bumped by hand when originals of this format shall give other pixels. Absent: never yet. */
  readonly decoderPipeline?: number;
  /** Settles a wish; what cannot matter to this format is dropped, so that it is in no variant's name. */
  encode(request: EncodingRequest): Encoding;
}

/** The number for a wish: asked outright, by level, or the format's default (`good`). */
export function qualityOf(request: EncodingRequest, levels: Readonly<Record<QualityLevel, number>>): number {
  return typeof request.quality === 'number' ? request.quality : levels[request.quality ?? 'good'];
}

/** A density that was asked for, where the file has a place for it. */
export function densityOf({ density }: EncodingRequest): { readonly density?: number } {
  return density === undefined ? {} : { density };
}

import type { Sharp } from 'sharp';
import type { FormatName, QualityLevel } from './names.ts';

/** In a module of its own, so that the client's types do not need those of sharp. */
export { type FormatName, type QualityLevel, qualityLevels } from './names.ts';

/** Encoder parameters of a transform, and the size of the output. Absent means not requested. */
export interface EncodingRequest {
  /** 1 to 100, or a level. */
  readonly quality?: number | QualityLevel;
  readonly chroma?: '444' | '420';
  readonly loss?: 'lossy' | 'lossless';
  readonly progressive?: boolean;
  /** Pixels per inch to write into the file. */
  readonly density?: number;
  /** Pixels of the output, all frames together; they determine the effort. */
  readonly pixels: number;
  /** 1 for a still image. */
  readonly frames: number;
}

type Encoders = Pick<Sharp, 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff'>;

/** Encoder and options as plain data: part of the variant's key, and sent to worker processes. */
export type Encoding = {
  readonly [E in keyof Encoders]: {
    readonly encoder: E;
    readonly options: Readonly<Parameters<Encoders[E]>[0] & object>;
    /** Written into the file after encoding, since sharp cannot set it alone. */
    readonly density?: number;
  };
}[keyof Encoders];

/** An output format: capabilities, limits, defaults and the mapping to encoder options. */
export interface Format {
  readonly name: FormatName;
  readonly mediaType: string;
  /** File extensions; the first one is used in generated names. */
  readonly extensions: readonly [string, ...string[]];
  readonly alpha: boolean;
  readonly animation: boolean;
  /** Whether the format can hold EXIF, which carries the artist and the copyright owner. */
  readonly exif: boolean;
  /** Whether libvips writes the orientation of the input, even if metadata is dropped (measured with libvips 8.18). */
  readonly tagsOrientation: boolean;
  /** Longest side the format allows, in pixels. */
  readonly maxSide: number;
  /** Range of the quality search, lowest first; null if quality does not control the loss. */
  readonly qualities: readonly [least: number, most: number] | null;
  /** Documentation of `q` for this format. */
  readonly quality: string;
  /** Part of the variant's key. Bump it by hand when equal options give different pixels or bytes. */
  readonly pipeline: number;
  /** Part of the key of variants of originals in this format. Bump it by hand when decoding gives different pixels. */
  readonly decoderPipeline?: number;
  /**
   * Maps a request to encoder options. Options without effect on this format are dropped, so that they do not split the
   * cache.
   */
  encode(request: EncodingRequest): Encoding;
}

/** Quality from 1 to 100: the requested number, or that of its level (default: `good`). */
export function qualityOf(request: EncodingRequest, levels: Readonly<Record<QualityLevel, number>>): number {
  return typeof request.quality === 'number' ? request.quality : levels[request.quality ?? 'good'];
}

/** The requested density as a property, or an empty object. */
export function densityOf({ density }: EncodingRequest): { readonly density?: number } {
  return density === undefined ? {} : { density };
}

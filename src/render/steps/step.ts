import type { Sharp } from 'sharp';
import type { Colour } from '../../transform/params/colour.ts';

/** A colour, or the original's dominant one, which is looked up before anything is done. */
export type Shade = Colour | 'auto';

/** The same step once every shade is a colour. */
export type Settled<S> = { readonly [K in keyof S]: S[K] extends Shade ? Colour : S[K] };

/**
 * One kind of thing that can happen to a picture. A step is plain data with whole pixels, decided by the plan; to apply
 * it is to call sharp, without thinking.
 */
export interface SharpStep<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /**
   * Where libvips does it inside one pipeline. sharp has a fixed order whatever the order of calls, so steps share a
   * pipeline only while slots rise; else a new one begins with the pixels so far.
   */
  readonly slot: number;
  /** Bumped by hand when the same step shall give other pixels. */
  readonly pipeline: number;
  apply(image: Sharp, step: Settled<S>): Sharp;
}

/** Pixels as they lie in memory: red, green, blue and perhaps alpha, 8-bit sRGB, not premultiplied. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly pixels: Uint8Array;
  /** Where it lay in the picture it was cut from, if a step had to find that out. */
  readonly cut?: { readonly left: number; readonly top: number };
}

/** The same for what sharp has no word for, or not with our formula: it changes the pixels itself. */
export interface PaintStep<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /** Bumped by hand when the same step shall give other pixels. */
  readonly pipeline: number;
  /** May write into the pixels it is given. */
  paint(picture: RawPicture, step: Settled<S>): RawPicture | Promise<RawPicture>;
}

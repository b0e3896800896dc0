import type { Sharp } from 'sharp';
import type { Colour } from '../../transform/params/colour.ts';

/** A colour, or `auto` for the original's dominant colour, which is looked up before the steps run. */
export type Shade = Colour | 'auto';

/** A step whose shades are all colours. */
export type Settled<S> = { readonly [K in keyof S]: S[K] extends Shade ? Colour : S[K] };

/** A kind of step that runs in libvips. A step is plain data in whole pixels, decided by the plan. */
export interface SharpStep<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /**
   * Position in libvips' fixed order. sharp ignores the order of calls, so steps share a pipeline only while slots
   * rise.
   */
  readonly slot: number;
  /** Bump it by hand when equal steps give different pixels. */
  readonly pipeline: number;
  apply(image: Sharp, step: Settled<S>): Sharp;
}

/** Pixels in memory: red, green, blue and optionally alpha, 8-bit sRGB, not premultiplied. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly pixels: Uint8Array;
  /** Position in the image it was cut from, if a step determined that. */
  readonly cut?: { readonly left: number; readonly top: number };
}

/** A kind of step that our own code paints, because sharp does not have it, or not with this formula. */
export interface PaintStep<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /** Bump it by hand when equal steps give different pixels. */
  readonly pipeline: number;
  /** Returns the new pixels; may overwrite the given ones. */
  paint(picture: RawPicture, step: Settled<S>): RawPicture | Promise<RawPicture>;
}

import type { BlendName } from '../../transform/params/effects/index.ts';
import type { ResolvedLayer, ResolvedText } from '../../transform/transform.ts';
import type { Point, Size } from '../geometry.ts';
import type { PlanSource } from '../source-facts.ts';
import type { RawPicture, SharpStep } from './step.ts';

/** Source of a layer: an original by its SHA-256, or text. */
export type LayerOrigin =
  | { readonly kind: 'file'; readonly version: string; readonly source: 'pixels' | 'svg' }
  | ResolvedText;

/** The image under a layer. */
export interface Base {
  readonly size: Size;
  readonly focal: Point | null;
  /** Maximum pixels of the layer and its intermediate images. */
  readonly mostPixels: number;
}

/** Plan of a layer: its source, its steps and its position. */
export interface LayerPlan<S> {
  readonly origin: LayerOrigin;
  readonly steps: readonly S[];
  /** Position of the top left corner in the base, possibly outside; null if it depends on the layer's pixels. */
  readonly corner: Point | null;
  /** The part that is planned after the steps; only if `corner` is null. */
  readonly rest?: { readonly layer: ResolvedLayer; readonly source: PlanSource; readonly base: Base };
}

/** Pixels of a layer, cut to the part inside the base. */
export interface LaidPicture extends RawPicture {
  readonly left: number;
  readonly top: number;
}

/** Lays another image over this one. */
export interface OverlayStep<S> {
  readonly kind: 'overlay';
  /** Rendered before any step of the base. */
  readonly layer: LayerPlan<S> | LaidPicture;
  readonly blend: BlendName | null;
  /** The image is opaque, so the result is too. */
  readonly opaque: boolean;
  /** Size of the base. */
  readonly width: number;
  readonly height: number;
}

/** "Source over" or a blend mode of W3C Compositing and Blending Level 1, in sRGB. */
export const overlayStep: SharpStep<OverlayStep<unknown>> = {
  kind: 'overlay',
  slot: 90,
  pipeline: 1,
  apply(image, { layer, blend, opaque }) {
    if (!('pixels' in layer)) throw new TypeError('Expected a layer to be drawn before it is laid over');
    const { pixels, width, height, channels, left, top } = layer;
    const raw = { width, height, channels };
    const laid = image.composite([{ input: Buffer.from(pixels), raw, left, top, blend: blend ?? 'over' }]);
    return opaque ? laid.removeAlpha() : laid;
  },
};

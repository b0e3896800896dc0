import type { BlendName } from '../../transform/params/effects/index.ts';
import type { ResolvedLayer, ResolvedText } from '../../transform/transform.ts';
import type { Point, Size } from '../geometry.ts';
import type { PlanSource } from '../source-facts.ts';
import type { RawPicture, SharpStep } from './step.ts';

/** Where a layer's pixels come from: an original by its SHA-256, or text. */
export type LayerOrigin =
  | { readonly kind: 'file'; readonly version: string; readonly source: 'pixels' | 'svg' }
  | ResolvedText;

/** What a layer is laid on. */
export interface Base {
  readonly size: Size;
  readonly focal: Point | null;
  /** Most pixels of the layer, on its way too. */
  readonly mostPixels: number;
}

/** How a layer comes to be, and where it goes. */
export interface LayerPlan<S> {
  readonly origin: LayerOrigin;
  readonly steps: readonly S[];
  /** Its left top corner in the base, perhaps outside; null where only pixels tell how large it is. */
  readonly corner: Point | null;
  /** What is left to plan once the steps are done: only where there is no corner. */
  readonly rest?: { readonly layer: ResolvedLayer; readonly source: PlanSource; readonly base: Base };
}

/** A layer's pixels, cut to what lies in the base. */
export interface LaidPicture extends RawPicture {
  readonly left: number;
  readonly top: number;
}

/** Lays another picture over this one. */
export interface OverlayStep<S> {
  readonly kind: 'overlay';
  /** Drawn before anything is done to the base. */
  readonly layer: LayerPlan<S> | LaidPicture;
  readonly blend: BlendName | null;
  /** Nothing is transparent before, so nothing is afterwards. */
  readonly opaque: boolean;
  /** Of the base. */
  readonly width: number;
  readonly height: number;
}

/** W3C Compositing and Blending Level 1: "source over", or its blends, in sRGB. */
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

import type { FormatName, QualityLevel } from '../formats/format.ts';
import type { Angle } from './params/angle.ts';
import type { Background } from './params/background.ts';
import type { Border } from './params/border.ts';
import type { Colour } from './params/colour.ts';
import type { ColourSpace } from './params/colour-space.ts';
import type { CropMode } from './params/crop.ts';
import type { BlendName, Effects } from './params/effects/index.ts';
import type { Gravity } from './params/gravity.ts';
import type { Words } from './params/index.ts';
import type { TextLayer } from './params/layer.ts';
import type { Length } from './params/param.ts';

/** What was asked: presets expanded, aliases resolved, nothing else decided. Absent = not mentioned. */
export interface RequestedTransform {
  /** Words that belong to their component, left to right; none of them is empty. */
  readonly components: readonly Words[];
  /** Words of the whole answer (`f`, `q`, `v`), wherever they stood. */
  readonly answer: Words;
  /** Names of the presets that had a part in it, for cache tags. */
  readonly presets: readonly string[];
}

/** Named transforms as they were configured; never a preset inside a preset. */
export type Presets = ReadonlyMap<string, RequestedTransform>;

/** The richest format a client says it takes; `base` is png with alpha, else jpg. */
export type Bucket = 'avif' | 'webp' | 'base';

export type FormatChoice =
  | { readonly kind: 'fixed'; readonly name: FormatName }
  /** The original's own where we write it, else png with alpha, else jpg. */
  | { readonly kind: 'own' }
  | { readonly kind: 'auto'; readonly bucket: Bucket };

/** One component with nothing left to decide; lengths in pixels are device pixels. */
export interface ResolvedComponent {
  readonly width: Length | null;
  readonly height: Length | null;
  readonly aspectRatio: number | null;
  readonly mode: Exclude<CropMode, 'auto' | 'thumb'>;
  readonly gravity: Gravity;
  readonly x: Length;
  readonly y: Length;
  readonly zoom: number;
  readonly angle: Angle;
  /** null: transparent, or white where the format has no alpha. */
  readonly background: Background | null;
  /** Radii clockwise from the top left; what is more than half the shorter side counts as that. */
  readonly corners: readonly [number, number, number, number];
  readonly border: Border | null;
  readonly effects: Effects;
  /** null: what the effect says. */
  readonly effectColour: Colour | null;
  /** 0 to 100. */
  readonly opacity: number;
  /** Laid over it one after another, when all else of the component is done. */
  readonly layers: readonly ResolvedLayer[];
}

/** A layer with nothing left to decide but where its pixels come from. */
export interface ResolvedLayer {
  readonly source: { readonly kind: 'image'; readonly id: string } | ResolvedText;
  readonly components: readonly LayerComponent[];
  readonly gravity: Gravity;
  readonly x: Length;
  readonly y: Length;
  readonly blend: BlendName | null;
  /** 0 to 100. */
  readonly opacity: number;
}

/** Text in device pixels. */
export type ResolvedText = TextLayer & { readonly colour: Colour };

export interface LayerComponent extends ResolvedComponent {
  /** Whether fractions of sides are of the picture that the layer is laid on. */
  readonly relative: boolean;
}

/** By what a quality is chosen once the picture is known: it takes encodings to tell. */
export type QualityAim =
  /** The lowest at which the picture is this like itself: structural similarity of luma, up to 1. */
  | { readonly kind: 'likeness'; readonly target: number }
  /** The highest with which the answer has no more bytes. */
  | { readonly kind: 'bytes'; readonly most: number };

/** What will be done to whatever picture comes. */
export interface ResolvedTransform {
  /** From 1; null: the first page, or all frames. */
  readonly page: number | null;
  /** Whether a still answer would be a mistake. */
  readonly animated: boolean;
  readonly components: readonly ResolvedComponent[];
  readonly format: FormatChoice;
  readonly quality: number | QualityLevel | null;
  /** What the quality is to be found by; null: it stands. */
  readonly aim: QualityAim | null;
  readonly chroma: '444' | '420' | null;
  readonly loss: 'lossy' | 'lossless' | null;
  readonly progressive: boolean;
  /** Pixels per inch. */
  readonly density: number | null;
  readonly colourSpace: ColourSpace;
  /** Whether artist and copyright stay with the picture. */
  readonly attribution: boolean;
}

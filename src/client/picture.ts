import { formats as all } from '../formats/index.ts';
import type { FormatName } from '../formats/names.ts';
import { factsOf, type Picture } from './picture-facts.ts';
import type { Component, Transform } from './spelling.ts';
import { type SrcsetOptions, srcset } from './srcset.ts';
import { componentsOf, url } from './url.ts';
import { candidates, ratioIn } from './widths.ts';

export interface PictureOptions extends Omit<SrcsetOptions, 'densities'> {
  /** How wide the picture is shown, as in HTML; `100vw` where nothing is said. */
  readonly sizes?: string | undefined;
  /** The richest first; the last is what every browser takes. */
  readonly formats?: readonly [FormatName, ...FormatName[]] | undefined;
  readonly alt?: string | undefined;
}

/** Attributes of `<picture>`: of each `<source>`, and of the `<img>`. */
export interface PictureAttributes {
  readonly sources: readonly { readonly type: string; readonly srcset: string; readonly sizes: string }[];
  readonly img: {
    readonly src: string;
    readonly srcset: string;
    readonly sizes: string;
    readonly alt: string;
    /** Where the source's size is known, so that the page does not jump. */
    readonly width?: number;
    readonly height?: number;
  };
}

/** Of the `img` where `srcset` is not understood, in pixels at most. */
const plainWidth = 1280;

/** All there is to say for `<picture>`; every URL names its format, so no cache has to know of Accept. */
export function picture(
  of: string | Picture,
  transform: Transform = {},
  { sizes = '100vw', formats, alt = '', widths, ...options }: PictureOptions = {},
): PictureAttributes {
  const facts = factsOf(of);
  const offered = formats ?? usualFormats(facts);
  const plainest = offered.at(-1) ?? offered[0];
  const offer = candidates(facts, transform, widths);
  const plain = offer.findLast(({ width }) => width <= plainWidth) ?? offer[0];
  const srcsetIn = (format: FormatName) => srcset(facts, inFormat(transform, format), { ...options, widths });
  return {
    sources: offered.slice(0, -1).map((format) => ({ type: all[format].mediaType, srcset: srcsetIn(format), sizes })),
    img: {
      src: url(facts, inFormat(plain?.transform ?? transform, plainest), options),
      srcset: srcsetIn(plainest),
      sizes,
      alt,
      ...sizeOf(facts, componentsOf(transform), offer.at(-1)?.width ?? 0),
    },
  };
}

/** AVIF holds no animation here, and JPEG no transparency: where nothing is known, WebP takes both. */
function usualFormats({ alpha, pages, format }: Picture): readonly [FormatName, ...FormatName[]] {
  if ((pages ?? 1) > 1 && (format === 'gif' || format === 'webp')) return ['webp', 'gif'];
  if (alpha === undefined) return ['avif', 'webp'];
  return ['avif', 'webp', alpha ? 'png' : 'jpg'];
}

function inFormat(transform: Transform, f: FormatName): Transform {
  const components = componentsOf(transform);
  return components.map((component, index) => ({ ...component, f: index === components.length - 1 ? f : undefined }));
}

/** Of the widest answer, where it follows from sides alone. */
function sizeOf(
  facts: Picture,
  components: readonly Component[],
  width: number,
): Partial<Record<'width' | 'height', number>> {
  const [only = {}, ...others] = components;
  const ratio = ratioOf(facts, only);
  const isPlain =
    others.length === 0 && only.a === undefined && only.bo === undefined && !String(only.e).includes('trim');
  if (!isPlain || ratio === null) return {};
  return { width, height: Math.max(1, Math.round(width / ratio)) };
}

/** Width to height of what a component answers; null where it is not known. */
function ratioOf({ width, height }: Picture, { w, h, ar, c, t }: Component): number | null {
  const own = width === undefined || height === undefined ? null : width / height;
  if (t !== undefined || c === 'crop' || c === 'mpad') return null;
  if (ar !== undefined) return ratioIn(ar);
  const isBox = c !== undefined && c !== 'limit' && c !== 'fit' && c !== 'mfit';
  if (h === undefined || w === undefined) return own;
  return isBox ? Number(w) / Number(h) : null;
}

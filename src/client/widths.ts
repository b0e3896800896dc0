import { maxSide } from '../transform/params/size.ts';
import { factsOf, type Picture } from './picture-facts.ts';
import type { Component, Transform } from './spelling.ts';
import { componentsOf } from './url.ts';

/** What a browser may choose among. */
export interface Candidate {
  readonly transform: readonly Component[];
  /** Pixels of the answer. */
  readonly width: number;
}

/** Widths in pixels where none are said: phones to large screens. */
const usualWidths: readonly number[] = [320, 640, 960, 1280, 1920, 2560];

/**
 * A transform at several widths, rising, none beyond a known source; where no given one is as small as the source, the
 * smallest, since a server may answer no others. Throws a RangeError where a height cannot grow with the width.
 */
export function candidates(
  picture: string | Picture,
  transform: Transform,
  given: readonly number[] | undefined,
): readonly Candidate[] {
  const components = componentsOf(transform);
  const sized = components[sizedIn(components)] ?? {};
  const most = widestOf(upright(factsOf(picture), components), sized);
  const dpr = sized.dpr ?? 1;
  return widthsWithin(most / dpr, given).map((width) => ({
    transform: atWidth(components, width),
    width: Math.min(Math.round(width * dpr), most),
  }));
}

interface Sides {
  readonly width: number;
  readonly height: number;
}

/** Of the source, as it lies after quarter turns; infinite where nothing is known. */
function upright({ width, height }: Picture, components: readonly Component[]): Sides {
  const known = { width: width ?? Number.POSITIVE_INFINITY, height: height ?? Number.POSITIVE_INFINITY };
  const isTurned = components.some(({ a }) => /(^|\.)-?(90|270)(\.|$)/.test(String(a)));
  return isTurned ? { width: known.height, height: known.width } : known;
}

/** The widest answer for which nothing has to be enlarged. */
function widestOf({ width, height }: Sides, { c, ar, w, h }: Component): number {
  const isCut = c === undefined ? ar !== undefined : ['fill', 'lfill', 'thumb', 'auto', 'scale'].includes(c);
  const ratio = ar === undefined ? Number(w) / Number(h) : ratioIn(ar);
  if (!(ratio > 0)) return width;
  return Math.max(1, Math.floor(Math.min(width, maxSide * ratio, isCut ? height * ratio : width)));
}

/** Width to height, of `16:9` or `1.778`. */
export function ratioIn(ar: number | string): number {
  const [across, down = 1] = String(ar).split(':').map(Number);
  return Number(across) / down;
}

function widthsWithin(most: number, given: readonly number[] | undefined): readonly number[] {
  const rising = [...new Set(given ?? usualWidths)].sort((a, b) => a - b);
  const fitting = rising.filter((width) => width <= most);
  if (given === undefined && fitting.length < rising.length) return [...new Set([...fitting, Math.floor(most)])];
  return fitting.length === 0 ? rising.slice(0, 1) : fitting;
}

/** Components before the first layer: only they say how large the answer is. */
function beforeLayers(components: readonly Component[]): readonly Component[] {
  const layer = components.findIndex(({ l }) => l !== undefined);
  return layer === -1 ? components : components.slice(0, layer);
}

/** Where the width belongs: the last component with a box, else the last; -1 where one has to be added. */
function sizedIn(components: readonly Component[]): number {
  const own = beforeLayers(components);
  const boxed = own.findLastIndex(({ w, h, ar }) => w !== undefined || h !== undefined || ar !== undefined);
  const at = boxed === -1 ? own.length - 1 : boxed;
  return own[at]?.c === 'crop' ? -1 : at;
}

/** A transform with another width; its height, where one is said, keeps to it. */
export function atWidth(components: readonly Component[], width: number): readonly Component[] {
  const at = sizedIn(components);
  const own = beforeLayers(components);
  if (at === -1) return [...own, { w: width }, ...components.slice(own.length)];
  return components.map((component, index) => (index === at ? { ...component, ...box(component, width) } : component));
}

function box({ w, h }: Component, width: number): Component {
  if (h === undefined) return { w: width };
  const [across, down] = [Number(w), Number(h)];
  if (isPixels(w) && isPixels(h)) return { w: width, h: Math.max(1, Math.round((width * down) / across)) };
  throw new RangeError(`Expected w beside h, both in pixels, or ar instead but received w ${w}, h ${h}`);
}

const isPixels = (side: Component['w']) =>
  side !== undefined && Number.isInteger(Number(side)) && !String(side).includes('.');

import type { FormatName } from '../formats/names.ts';
import type { Component } from './spelling.ts';

/** What frameworks call what every image has; beside it all words of ours may stand. */
export interface Operations extends Component {
  /** In pixels; half ones are rounded. */
  readonly width?: number | string | undefined;
  readonly height?: number | string | undefined;
  /** `jpeg` is `jpg`. */
  readonly format?: FormatName | 'jpeg' | 'auto' | undefined;
  readonly quality?: number | string | undefined;
}

/**
 * The same in our words. A box of both sides is filled, as frameworks expect; the format is WebP where none is said, since
 * every browser takes it and no cache has to know of Accept.
 */
export function componentOf({ width, height, format, quality, ...words }: Operations): Component {
  const [w, h] = [pixels(width) ?? words.w, pixels(height) ?? words.h];
  const isBox = w !== undefined && h !== undefined && words.c === undefined;
  const f = words.f ?? (format === 'jpeg' ? 'jpg' : format) ?? 'webp';
  // What is no number is a quality by name, and if it is none the server says so.
  const q = words.q ?? ((quality === '' ? undefined : quality) as Component['q']);
  return { ...words, w, h, f, q, ...(isBox ? { c: 'fill' } : {}) };
}

function pixels(side: number | string | undefined): number | undefined {
  return side === undefined || side === '' ? undefined : Math.max(1, Math.round(Number(side)));
}

import type { Key } from '../transform/params/index.ts';

/** One component: word → value as it stands in a URL, such as `{ w: 400, c: 'fill', f: 'webp' }`. */
export type Component = Readonly<Partial<Record<Key, string | number>>>;

export interface UrlOptions {
  /** Where Tintype or the CDN before it answers, without a slash at the end; paths alone when empty. */
  readonly base?: string;
}

function printComponent(component: Component): string {
  return Object.entries(component)
    .map(([key, value]) => `${key}_${encodeURIComponent(value).replaceAll('%3A', ':')}`)
    .sort()
    .join(',');
}

/** The URL of a picture; it ends in a file name where a format is named, since some CDNs cache by extension. */
export function url(id: string, transform: Component | readonly Component[] = {}, options: UrlOptions = {}): string {
  const components: readonly Component[] = Array.isArray(transform) ? transform : [transform];
  const words = components.map(printComponent).filter((text) => text !== '');
  const format = components.findLast((component) => component.f !== undefined)?.f;
  const name = format === undefined || format === 'auto' || format === 'orig' ? [] : [`${id}.${format}`];
  return [`${options.base ?? ''}/img/${id}`, ...words, ...name].join('/');
}

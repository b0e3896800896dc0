import { componentOf, type Operations } from './operations.ts';
import { idOf } from './source-id.ts';
import { type UrlOptions, url } from './url.ts';

/** Formats are any text there; for what is none of ours the server says so. */
export interface UnpicOperations extends Omit<Operations, 'format'> {
  readonly format?: Operations['format'] | (string & {});
}

/**
 * A transformer of the shape that unpic's `base` components take: `src` is what `idOf` reads. Throws a RangeError for a
 * `src` of somebody else.
 */
export function transform(src: string | URL, operations: UnpicOperations = {}, options: UrlOptions = {}): string {
  return url(idOf(String(src), options), componentOf(operations as Operations), options);
}

import { idOfPath, idPattern } from '../transform/id.ts';
import { decodedId } from './signed-path.ts';

export interface IdOptions {
  /** Where Tintype answers: a URL behind `{base}/img/` is one of its own. */
  readonly base?: string | undefined;
}

/**
 * The id of what a page calls a picture: an id, a path such as `/products/shoe.jpg` below a source, or a URL of ours, whose
 * words are left out. A path that spells an id is that id. Throws a RangeError for a URL of somebody else, and for a path too
 * long for an id.
 */
export function idOf(source: string, { base = '' }: IdOptions = {}): string {
  const ours = `${base.replace(/\/+$/, '')}/img/`;
  const own =
    base !== '' && source.startsWith(ours) ? decodedId(source.slice(ours.length).split(/[/?#]/)[0] ?? '') : null;
  if (own !== null) return own;
  const path = source.replace(/^\//, '');
  const id = path === '' || idPattern.test(path) ? path : idOfPath(path);
  if (!/^([a-z][a-z0-9+.-]*:)?\/\//i.test(source) && !source.startsWith('data:') && idPattern.test(id)) return id;
  throw new RangeError(`Expected an id, a path or a URL behind ${ours} but received "${source.slice(0, 100)}"`);
}

import { componentOf, type Operations } from './operations.ts';
import { idOf } from './source-id.ts';
import { type UrlOptions, url } from './url.ts';

/** What next/image asks its loader for. */
export interface NextImage {
  readonly src: string;
  /** In device pixels. */
  readonly width: number;
  readonly quality?: number | undefined;
}

/**
 * A loader for next/image, whose `src` is what `idOf` reads; `words` stand in every URL. It runs in the browser, so it
 * cannot sign: give the server TINTYPE_WIDTHS instead, with the widths of `deviceSizes` and `imageSizes`.
 */
export function nextLoader(
  options: Pick<UrlOptions, 'base'> = {},
  words: Operations = {},
): (image: NextImage) => string {
  return ({ src, width, quality }) =>
    url(idOf(src, options), componentOf({ ...words, width, quality: quality ?? words.quality }), options);
}

import type { Picture } from './picture-facts.ts';
import type { Transform } from './spelling.ts';
import { componentsOf, type UrlOptions, url } from './url.ts';
import { candidates } from './widths.ts';

export interface SrcsetOptions extends UrlOptions {
  /** In pixels of the answer; the rungs of the server's ladder where it has one. */
  readonly widths?: readonly number[] | undefined;
  /** Instead of widths: `dpr` of the first component, for a picture that is shown in one size. */
  readonly densities?: readonly number[] | undefined;
}

/** The value of `srcset`: one URL for each width, or density, never beyond a known source. */
export function srcset(picture: string | Picture, transform: Transform = {}, options: SrcsetOptions = {}): string {
  const { widths, densities, ...rest } = options;
  if (densities !== undefined) return dense(picture, transform, densities, rest);
  return candidates(picture, transform, widths)
    .map((candidate) => `${url(picture, candidate.transform, rest)} ${candidate.width}w`)
    .join(', ');
}

function dense(
  picture: string | Picture,
  transform: Transform,
  densities: readonly number[],
  options: UrlOptions,
): string {
  const [first = {}, ...others] = componentsOf(transform);
  const most = typeof picture === 'string' ? undefined : picture.width;
  const rising = [...new Set(densities)].sort((a, b) => a - b);
  const widest = (most ?? Number.POSITIVE_INFINITY) / Number(first.w ?? 0);
  const fitting = rising.filter((dpr) => dpr <= Math.max(1, widest));
  return (fitting.length === 0 ? rising.slice(0, 1) : fitting)
    .map((dpr) => `${url(picture, [{ ...first, dpr: dpr === 1 ? undefined : dpr }, ...others], options)} ${dpr}x`)
    .join(', ');
}

import type { FormatName } from '../formats/format.ts';
import type { Bucket } from './transform.ts';

/** Longest Accept header that is read at all, in characters; a longer one is no evidence. */
export const maxAccept = 1024;

/** Media types a client names outright with a weight above 0 (RFC 9110 §12.5.1). Wildcards are no evidence of support. */
function namedTypes(accept: string): ReadonlySet<string> {
  const types = new Set<string>();
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    if (/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) && Number(weight) > 0) types.add(type);
  }
  return types;
}

/** The richest format a client takes. Garbage counts as none. */
export function bucketOf(accept: string | null): Bucket {
  if (accept === null || accept.length > maxAccept) return 'base';
  const types = namedTypes(accept);
  if (types.has('image/avif')) return 'avif';
  return types.has('image/webp') ? 'webp' : 'base';
}

/** What of a picture has a say in its format. */
export interface Negotiable {
  readonly alpha: boolean;
  readonly animated: boolean;
  /** Of the answer; null where it takes pixels to tell. */
  readonly pixels: number | null;
}

/** Above it AVIF takes too long for somebody who waits; a number of pixels, so that every node decides alike. */
const maxAvifPixels = 4_000_000;

/**
 * Formats to choose from for clients of a bucket, the richest first and the plainest, which everybody takes, last. Which
 * of them is smaller, only their encodings tell.
 */
export function candidatesFor(
  bucket: Bucket,
  { alpha, animated, pixels }: Negotiable,
): readonly [FormatName, ...FormatName[]] {
  const base = alpha ? 'png' : 'jpg';
  if (bucket === 'base') return [animated ? 'gif' : base];
  if (animated) return ['webp', 'gif'];
  return bucket === 'avif' && pixels !== null && pixels <= maxAvifPixels ? ['avif', base] : ['webp', base];
}

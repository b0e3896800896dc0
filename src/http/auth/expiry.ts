import { Failure } from '../../errors.ts';
import { decodeSegment, splitId } from '../../transform/id-segments.ts';
import { mistakeAt, refuse } from '../../transform/image-path.ts';
import { parameters } from '../../transform/params/index.ts';
import type { HttpContext } from '../message/route.ts';

/** Seconds. */
const tenYears = 10 * 366 * 86_400;

const now = () => Math.floor(Date.now() / 1000);

/** `exp_` of the first component behind the signature, looked for before the words are read; null where there is none to be read. */
function expiryIn(path: string): number | null {
  const { signature, rest } = splitId(path.split('/').slice(2));
  const component = signature === null ? null : decodeSegment(rest[0] ?? '');
  const word = component?.split(',').find((text) => text.startsWith('exp_'));
  return word === undefined ? null : parameters.exp.parse(word.slice('exp_'.length));
}

/**
 * Refuses a signed URL whose time is over, by our clock and to the second, and notes for its answer when it will be.
 * Throws `expired`; `bad-words` where it is too far ahead.
 */
export function checkExpiry(context: HttpContext, path: string): void {
  // Nothing that most URLs would have to pay for.
  if (!path.includes('exp') && !path.includes('%')) return;
  const expires = expiryIn(path);
  if (expires === null) return;
  const left = expires - now();
  if (left <= 0) throw new Failure('expired', 'Expected a URL whose exp_ is still ahead');
  if (left > tenYears) {
    refuse([mistakeAt(path.indexOf('exp'), `exp_${expires}`, 'exp_ at most ten years ahead', `exp_${now() + 3600}`)]);
  }
  context.set('expires', expires);
}

/** No cache may keep an answer longer than its URL lives; stale answers count as kept. */
export function withinExpiry(response: Response, expires: number): Response {
  const left = Math.max(0, expires - now());
  const cacheControl = response.headers.get('Cache-Control');
  if (cacheControl !== null) response.headers.set('Cache-Control', cutLifetimes(cacheControl, left));
  return response;
}

function cutLifetimes(cacheControl: string, left: number): string {
  const fresh = [...cacheControl.matchAll(/(?:s-maxage|max-age)=(\d+)/g)].map(([, seconds]) => Number(seconds));
  const rest = Math.max(0, left - Math.max(0, ...fresh));
  return cacheControl
    .replaceAll(/(s-maxage|max-age)=(\d+)/g, (_all, name: string, seconds: string) => {
      return `${name}=${Math.min(Number(seconds), left)}`;
    })
    .replaceAll(/(stale-while-revalidate|stale-if-error)=(\d+)/g, (_all, name: string, seconds: string) => {
      return `${name}=${Math.min(Number(seconds), rest)}`;
    });
}

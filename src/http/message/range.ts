import { Failure } from '../../errors.ts';
import type { ByteRange } from '../../library/originals/originals.ts';
import type { HttpContext } from './route.ts';

/**
 * The one range a request asks for, or null for the whole (RFC 9110 §14): no Range, another method than GET, an unknown unit,
 * several ranges, nonsense, or an If-Range that is not this strong tag.
 * @throws Failure `no-such-range` where the range lies behind the end.
 */
export function rangeOf(context: HttpContext, length: number, etag: string): ByteRange | null {
  const header = context.req.header('range');
  const ifRange = context.req.header('if-range');
  if (header === undefined || context.req.method !== 'GET') return null;
  if (ifRange !== undefined && ifRange.trim() !== etag) return null;
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  const range = first === '' ? suffix(Number(last), length) : { start: Number(first), end: endOf(last, length) };
  if (last !== '' && first !== '' && Number(last) < Number(first)) return null;
  if (range.start >= length || range.start > range.end) throw unsatisfiable(length);
  return range;
}

function endOf(last: string, length: number): number {
  return last === '' ? length - 1 : Math.min(Number(last), length - 1);
}

function suffix(count: number, length: number): ByteRange {
  return count === 0 ? { start: length, end: length } : { start: Math.max(0, length - count), end: length - 1 };
}

function unsatisfiable(length: number): Failure {
  return new Failure('no-such-range', `Expected a range within ${length} bytes`, {
    headers: { 'Content-Range': `bytes */${length}` },
  });
}

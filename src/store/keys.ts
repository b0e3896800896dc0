import type { ByteRange } from './blob-store.ts';

/** Limits of keys. 900 bytes leave room for a prefix below S3's limit of 1024; file names have at most 255 bytes. */

const maxKey = 900;
const maxSegment = 255;
const printable = /^[ -~]+$/;

/** First segments that a folder store uses for its lock, temp files and probes. */
const reserved = /^(?:tmp$|\.)/;

function isSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && segment.length <= maxSegment;
}

/** Whether a name is a valid key. Listings skip other names. */
export function isStorageKey(name: string): boolean {
  if (name.length > maxKey || !printable.test(name)) return false;
  const segments = name.split('/');
  return segments.every(isSegment) && !reserved.test(segments[0] ?? '');
}

export function checkKey(key: string): void {
  if (!isStorageKey(key)) {
    throw new TypeError(
      `Expected a key of 1 to ${maxKey} printable ASCII bytes without empty, dot, long or reserved segments ` +
        `but received ${JSON.stringify(key)}`,
    );
  }
}

/** Throws TypeError unless `prefix` is empty or the beginning of a valid key, and `limit` is from 1 to 1000. */
export function checkPage(prefix: string, limit: number): void {
  if (prefix !== '' && !isStorageKey(prefix.endsWith('/') ? prefix.slice(0, -1) : `${prefix}x`)) {
    throw new TypeError(`Expected the beginning of a key but received ${JSON.stringify(prefix)}`);
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new TypeError(`Expected an integer from 1 to 1000 for limit but received ${String(limit)}`);
  }
}

export function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  const whole = Number.isSafeInteger(range.start) && Number.isSafeInteger(range.end);
  if (!whole || range.start < 0 || range.end < range.start) {
    throw new TypeError(`Expected 0 <= start <= end for a range but received ${range.start}-${range.end}`);
  }
}

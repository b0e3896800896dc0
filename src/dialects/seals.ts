import { timingSafeEqual } from 'node:crypto';
import type { Signature } from './dialect.ts';

/**
 * Whether what was sent is one of the signatures that our keys make. Looks at every one of them, and takes as long for
 * every wrong one of a length.
 */
export function signedParts(sent: string, made: readonly string[]): Signature {
  const presented = Buffer.from(sent, 'utf8');
  let isGood = false;
  for (const each of made) {
    const expected = Buffer.from(each, 'utf8');
    if (expected.byteLength === presented.byteLength && timingSafeEqual(expected, presented)) isGood = true;
  }
  return isGood ? 'good' : 'wrong';
}

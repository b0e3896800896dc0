import { describe, expect, it } from 'vitest';
import { bucketOf } from '../../../src/transform/negotiate.ts';

describe('The richest format a client names outright (RFC 9110 §12.5.1) is', () => {
  it.each([
    ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'avif'],
    ['image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'avif'],
    ['image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png', 'avif'],
    ['image/webp,*/*', 'webp'],
    ['IMAGE/WEBP', 'webp'],
    ['image/avif;q=0,image/webp', 'webp'],
    ['image/avif;q=0.000,image/webp;q=0', 'base'],
    ['image/avif;q=0.1', 'avif'],
    ['image/avif ; q=1.000', 'avif'],
    ['image/avif;q=2', 'base'],
    ['image/avif;q=NaN', 'base'],
    ['image/*', 'base'],
    ['*/*', 'base'],
    ['image/avifx', 'base'],
    ['xximage/webp', 'base'],
    [',,;;q=,', 'base'],
    ['', 'base'],
    [null, 'base'],
    [`image/avif,${'x'.repeat(2000)}`, 'base'],
  ])('for %s: %s', (accept, bucket) => {
    expect(bucketOf(accept)).toBe(bucket);
  });
});

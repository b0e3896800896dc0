import { describe, expect, it } from 'vitest';
import { bucketOf, candidatesFor } from '../../../src/transform/negotiate.ts';

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

describe('Formats to choose from', () => {
  const still = { alpha: false, animated: false };
  it.each([
    [1, ['avif', 'jpg']],
    [3_999_999, ['avif', 'jpg']],
    [4_000_000, ['avif', 'jpg']],
    [4_000_001, ['webp', 'jpg']],
    [null, ['webp', 'jpg']],
  ] as const)('for a client of AVIF and %s pixels are %s', (pixels, formats) => {
    expect(candidatesFor('avif', { ...still, pixels })).toEqual(formats);
  });

  it('hold what keeps alpha, frames, and what every client takes', () => {
    expect(candidatesFor('avif', { ...still, alpha: true, pixels: 1 })).toEqual(['avif', 'png']);
    expect(candidatesFor('webp', { ...still, pixels: 1 })).toEqual(['webp', 'jpg']);
    expect(candidatesFor('base', { ...still, alpha: true, pixels: 1 })).toEqual(['png']);
    expect(candidatesFor('avif', { ...still, animated: true, pixels: 1 })).toEqual(['webp', 'gif']);
    expect(candidatesFor('base', { ...still, animated: true, pixels: 1 })).toEqual(['gif']);
  });
});

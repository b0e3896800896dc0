import { describe, expect, it } from 'vitest';
import { widthsBetween } from '../../../../src/library/selection/breakpoints.ts';

/** A picture of which every pixel of width takes as many bytes. */
const evenly = (width: number) => ({ width, bytes: width * 31.5625 });

describe('Breakpoints', () => {
  it('lie where 20 000 bytes have come together', () => {
    expect(widthsBetween([evenly(320), evenly(2600)])).toEqual([320, 960, 1600, 2240, 2600]);
  });

  it('leave out the last but one where the largest has hardly more bytes', () => {
    expect(widthsBetween([evenly(320), evenly(2500)])).toEqual([320, 960, 1600, 2500]);
  });

  it('are eight at most, however many bytes there are', () => {
    const widths = widthsBetween([
      { width: 320, bytes: 100_000 },
      { width: 2560, bytes: 6_400_000 },
    ]);
    expect(widths.length).toBeLessThanOrEqual(8);
    expect([widths[0], widths.at(-1)]).toEqual([320, 2560]);
  });

  it('are one where the picture is no wider than the narrowest', () => {
    expect(widthsBetween([evenly(100)])).toEqual([100]);
    expect(widthsBetween([])).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { deltaE, type Lab, labOf } from '../../support/colour.ts';

describe('CIEDE2000', () => {
  // Sharma, Wu, Dalal (2005), table 1: the pairs that catch wrong hue averages, wrong signs and missing rotation.
  const published: readonly (readonly [Lab, Lab, number])[] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 3.1571, -77.2803], [50, 0, -82.7485], 2.8615],
    [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
    [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
    [[90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ];

  it.each(published)('of %j and %j is what its authors publish, either way round', (one, other, difference) => {
    expect(deltaE(one, other)).toBeCloseTo(difference, 4);
    expect(deltaE(other, one)).toBeCloseTo(difference, 4);
  });

  it('of a colour and itself is zero', () => {
    expect(deltaE(labOf(12, 200, 77), labOf(12, 200, 77))).toBe(0);
    expect(deltaE(labOf(128, 128, 128), labOf(128, 128, 128))).toBe(0);
  });
});

describe('Lab', () => {
  it.each([
    ['white', [255, 255, 255], [100, 0, 0]],
    ['black', [0, 0, 0], [0, 0, 0]],
    ['red', [255, 0, 0], [53.2408, 80.0925, 67.2032]],
    ['blue', [0, 0, 255], [32.297, 79.1875, -107.8602]],
    ['middle grey', [119, 119, 119], [50.0344, 0, 0]],
  ] as const)('of %s is the published one', (_name, [red, green, blue], lab) => {
    labOf(red, green, blue).forEach((value, axis) => {
      expect(value).toBeCloseTo(lab[axis] ?? Number.NaN, 1);
    });
  });
});

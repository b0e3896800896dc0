import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { printQualities } from '../../bench/qualities-file.ts';
import { qualityLevels } from '../../src/formats/format.ts';
import { formats } from '../../src/formats/index.ts';
import { avifMore, likeness, measured, qualities } from '../../src/formats/qualities.ts';

const small = { pixels: 100_000, frames: 1 } as const;
const optionsOf = (name: 'jpg' | 'webp' | 'avif', pixels: number, quality?: number | 'good') =>
  formats[name].encode({ ...small, pixels, ...(quality === undefined ? {} : { quality }) }).options;

describe('Qualities of equal perceived quality', () => {
  it('have the layout that the bench writes', () => {
    const file = new URL('../../src/formats/qualities.ts', import.meta.url);
    const text = printQualities({ measured, qualities, avifMore, likeness });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it.each(['jpg', 'webp', 'avif'] as const)('are what %s is encoded with, and what its reference says', (name) => {
    for (const quality of qualityLevels) {
      const { options } = formats[name].encode({ ...small, quality });
      expect([quality, options]).toEqual([quality, expect.objectContaining({ quality: qualities[name][quality] })]);
    }
    expect(formats[name].encode(small).options).toMatchObject({ quality: qualities[name].good });
    expect(formats[name].quality).toContain(`(${qualities[name].good}`);
  });

  it('rise with the level, and of AVIF with the size of the output unless a number is asked for', () => {
    for (const levels of [...Object.values(qualities), likeness]) {
      const rising = [levels.low, levels.eco, levels.good, levels.best];
      expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    }
    const { good } = qualities.avif;
    expect(optionsOf('avif', 400_000)).toMatchObject({ quality: good + avifMore.middle, effort: 1 });
    expect(optionsOf('avif', 600_000, 'good')).toMatchObject({ quality: good + avifMore.large, effort: 0 });
    expect(optionsOf('avif', 600_000, 67)).toMatchObject({ quality: 67 });
    expect(optionsOf('webp', 600_000)).toMatchObject({ quality: qualities.webp.good });
  });
});

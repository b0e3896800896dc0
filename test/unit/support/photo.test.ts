import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawPhoto, drawSmall, fixtureBytes, fixturePath, smallPixel } from '../../support/photo.ts';

describe('a drawn photo', () => {
  it('has the asked size and format', async () => {
    const cases = [
      { width: 401, height: 299, format: 'jpeg' },
      { width: 120, height: 333, format: 'png' },
      { width: 64, height: 48, format: 'webp' },
    ] as const;
    for (const { width, height, format } of cases) {
      const facts = await sharp(await drawPhoto(width, height, { format })).metadata();
      expect([facts.width, facts.height, facts.format, facts.channels]).toEqual([width, height, format, 3]);
    }
  });

  it('of 12 megapixels weighs what a camera would make of it, 2 to 6 MB', async () => {
    const bytes = await drawPhoto(4000, 3000);
    expect(bytes.length).toBeGreaterThan(2e6);
    expect(bytes.length).toBeLessThan(6e6);
  });

  it('is the same for the same parameters and another for another seed or quality', async () => {
    const photo = await drawPhoto(200, 150);
    expect(await drawPhoto(200, 150)).toEqual(photo);
    expect(await drawPhoto(200, 150, { seed: 2 })).not.toEqual(photo);
    expect(await drawPhoto(200, 150, { quality: 60 })).not.toEqual(photo);
  });

  it('can be asked for by several tests at once', async () => {
    // Seldom in the cache already, and yet never more than a hundred files in it.
    const size = 90 + (process.pid % 100);
    const photos = await Promise.all([drawPhoto(size, 33), drawPhoto(size, 33), drawPhoto(size, 33)]);
    expect(new Set(photos.map((photo) => photo.toString('base64'))).size).toBe(1);
  });
});

describe('a small picture', () => {
  it('holds exactly the pixels of its formula in every format', async () => {
    for (const format of ['png', 'webp', 'tiff'] as const) {
      const { data, info } = await sharp(await drawSmall(13, 7, { format }))
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([13, 7, 3]);
      expect([...data.subarray((5 * 13 + 9) * 3, (5 * 13 + 9) * 3 + 3)]).toEqual(smallPixel(9, 5));
    }
  });

  it('keeps the colour beneath full transparency', async () => {
    const picture = await drawSmall(2, 1, { format: 'webp', pixel: (x) => [200, 100, 50, x * 255] });
    expect([...(await sharp(picture).raw().toBuffer())]).toEqual([200, 100, 50, 0, 200, 100, 50, 255]);
  });
});

describe('a fixture', () => {
  it('is found by its name', () => {
    expect(fixturePath('sample.jpg')).toMatch(/^\/.*fixtures\/sample\.jpg$/);
    expect(fixtureBytes('sample.jpg').subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });
});

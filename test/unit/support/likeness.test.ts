import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Likeness, likeness, meanColourDifference, type Tolerance } from '../../support/likeness.ts';
import { drawSmall, fixtureBytes } from '../../support/photo.ts';

/** Between what JPEG 80 does to these two pictures and what any of the damages does. */
const between: Tolerance = { structure: 0.955, colour: 4 };

const pictures: readonly (readonly [string, Buffer])[] = [
  ['the scene', fixtureBytes('scene.png')],
  ['the sample', await sharp(fixtureBytes('sample.jpg')).resize(600).png().toBuffer()],
];

function isAlike({ structure, colour }: Likeness): boolean {
  return structure >= between.structure && colour <= between.colour;
}

async function shifted(picture: Buffer, right: number): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  const wider = await sharp(picture).extend({ left: right, extendWith: 'copy' }).png().toBuffer();
  return sharp(wider).extract({ left: 0, top: 0, width, height }).png().toBuffer();
}

const png = (image: Sharp): Promise<Buffer> => image.png().toBuffer();

const damages: readonly (readonly [string, (picture: Buffer) => Promise<Buffer>, keyof Likeness])[] = [
  ['a mirror', (picture) => png(sharp(picture).flop()), 'structure'],
  ['a shift by 3 pixels', (picture) => shifted(picture, 3), 'structure'],
  ['a blur of σ 1.5', (picture) => png(sharp(picture).blur(1.5)), 'structure'],
  ['a hue turned by 12°', (picture) => png(sharp(picture).modulate({ hue: 12 })), 'colour'],
  [
    'swapped channels',
    (picture) =>
      png(
        sharp(picture).recomb([
          [0, 0, 1],
          [0, 1, 0],
          [1, 0, 0],
        ]),
      ),
    'colour',
  ],
];

describe.each(pictures)('the likeness of %s', (_name, picture) => {
  it('to itself is perfect', async () => {
    expect(await likeness(picture, picture)).toEqual({ structure: expect.closeTo(1, 9), colour: 0 });
  });

  it('forgives JPEG at quality 80', async () => {
    expect(isAlike(await likeness(picture, await sharp(picture).jpeg({ quality: 80 }).toBuffer()))).toBe(true);
  });

  it.each(damages)('notices %s', async (_damage, damage, number) => {
    const found = await likeness(picture, await damage(picture));
    expect(isAlike(found)).toBe(false);
    if (number === 'structure') expect(found.structure).toBeLessThan(between.structure);
    else expect(found.colour).toBeGreaterThan(between.colour + 2);
  });
});

describe('likeness', () => {
  it('needs both its numbers: a hue turned by 12° leaves the structure nearly whole', async () => {
    const scene = fixtureBytes('scene.png');
    expect((await likeness(scene, await png(sharp(scene).modulate({ hue: 12 })))).structure).toBeGreaterThan(0.99);
  });

  it.each([[[255, 255, 255]], [[0, 0, 0]]] as const)('notices a lost alpha over %j', async ([red, green, blue]) => {
    const clear = await drawSmall(40, 40, { pixel: (x) => [red, green, blue, x < 20 ? 255 : 0] });
    const lost = await drawSmall(40, 40, { pixel: () => [red, green, blue] });
    const found = await likeness(clear, lost);
    expect(found.colour).toBeGreaterThan(50);
    expect(found.structure).toBeLessThan(0.9);
  });

  it('does not care for the colour beneath full transparency', async () => {
    const one = await drawSmall(20, 20, { pixel: () => [255, 0, 0, 0] });
    const other = await drawSmall(20, 20, { pixel: () => [0, 255, 90, 0] });
    expect(await likeness(one, other)).toEqual({ structure: expect.closeTo(1, 9), colour: 0 });
  });

  it('compares raw pixels with encoded ones', async () => {
    const pixels = Uint8Array.from({ length: 9 * 5 * 4 }, (_, at) => [10, 20, 30, 255][at % 4] ?? 0);
    const encoded = await drawSmall(9, 5, { pixel: () => [10, 20, 30] });
    expect((await likeness({ width: 9, height: 5, pixels }, encoded)).colour).toBe(0);
  });

  it('sees one wrong block in a large picture', async () => {
    const whole = await drawSmall(320, 320, { pixel: () => [90, 120, 60] });
    const spoilt = await drawSmall(320, 320, {
      pixel: (x, y) => (x >= 160 && x < 176 && y < 16 ? [120, 90, 60] : [90, 120, 60]),
    });
    expect((await likeness(whole, spoilt)).colour).toBeGreaterThan(10);
  });

  it('refuses pictures of two sizes by name', async () => {
    await expect(likeness(await drawSmall(4, 3), await drawSmall(3, 4))).rejects.toThrow(
      'Expected two pictures of one size but received 4×3 and 3×4',
    );
  });

  it('works down to a single pixel', async () => {
    const dot = await drawSmall(1, 1);
    expect(await likeness(dot, dot)).toEqual({ structure: expect.closeTo(1, 9), colour: 0 });
  });
});

describe('the mean colour difference', () => {
  it('is the average over all pixels', async () => {
    const grey = await drawSmall(10, 10, { pixel: () => [119, 119, 119] });
    const half = await drawSmall(10, 10, { pixel: (x) => (x < 5 ? [119, 119, 119] : [145, 145, 145]) });
    const all = await drawSmall(10, 10, { pixel: () => [145, 145, 145] });
    const full = await meanColourDifference(grey, all);
    expect(full).toBeGreaterThan(8);
    expect(await meanColourDifference(grey, half)).toBeCloseTo(full / 2, 9);
  });
});

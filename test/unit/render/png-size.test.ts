import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { letTestsLook } from '../../support/looking.ts';
import { drawPhoto, drawSmall, fixtureBytes, type Pixel } from '../../support/photo.ts';
import { renderWords } from '../../support/rendering.ts';

letTestsLook();
const folder = mkdtempSync(join(tmpdir(), 'tintype-png-size-'));
afterAll(() => rmSync(folder, { recursive: true }));

const photo = await drawPhoto(600, 400, { format: 'png' });

/** Letters on paper, as far as an encoder can tell: few colours, hard edges, no gradient. */
const page = (x: number, y: number): Pixel =>
  y % 18 < 11 && (x * 7919 + Math.floor(y / 18) * 104_729) % 31 < x % 9 ? [20, 20, 30] : [255, 255, 255];
const chart = (x: number, y: number): Pixel =>
  y > (Math.floor(x / 40) * 97) % 300 ? [(x * 3) & 0xe0, 90, 160] : [240, 240, 240];

const drawings = {
  'a page of text': () => drawSmall(600, 400, { pixel: page }),
  'a chart': () => drawSmall(600, 400, { pixel: chart }),
  'a photo in 32 dithered colours': () => sharp(photo).gif({ colours: 32, dither: 1 }).toBuffer(),
  'a drawing with alpha': async () => fixtureBytes('alpha.png'),
} as const;

/** Bytes of the answer, and of the same pixels without filters at the level of zlib. */
async function sizesOf(name: string, original: Uint8Array, words: string) {
  const path = join(folder, name);
  writeFileSync(path, original);
  const { bytes } = await renderWords(path, words);
  const unfiltered = await sharp(bytes).png({ compressionLevel: 6, adaptiveFiltering: false }).toBuffer();
  return { bytes, answer: bytes.byteLength, unfiltered: unfiltered.byteLength };
}

describe('A lossless PNG', () => {
  it.each(['f_png', 'f_png,w_400', 'f_png,fl_progressive', 'e_sharpen,f_png'])(
    'of a photo is at least a tenth smaller than one without filters: %s',
    async (words) => {
      const { answer, unfiltered } = await sizesOf('photo', photo, words);
      expect(answer).toBeLessThan(0.9 * unfiltered);
    },
  );

  it.each(Object.entries(drawings))('of %s is not larger than one without filters', async (name, draw) => {
    const { answer, unfiltered } = await sizesOf(name, await draw(), 'f_png');
    expect(answer).toBeLessThanOrEqual(unfiltered);
  });

  it('has every pixel of its original, with filters and without', async () => {
    for (const original of [photo, await drawings['a chart'](), fixtureBytes('alpha.png')]) {
      const { bytes } = await sizesOf('lossless', original, 'f_png');
      expect((await sharp(bytes).raw().toBuffer()).equals(await sharp(original).raw().toBuffer())).toBe(true);
    }
  });

  it('keeps alpha in one channel of grey', async () => {
    const { bytes } = await sizesOf('grey', fixtureBytes('grey-alpha.png'), 'cs_bw,f_png');
    expect(await sharp(bytes).metadata()).toMatchObject({ space: 'b-w', channels: 2 });
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpack } from '../../support/likeness.ts';
import { fixturePath, smallPixel } from '../../support/photo.ts';
import { type FocalPoint, renderWords } from '../../support/rendering.ts';

const [width, height] = [40, 30];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-exact-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where a stored pixel belongs in the upright picture (TIFF 6.0, tag 274), written down without a turn in it. */
const upright: readonly ((x: number, y: number) => readonly [number, number])[] = [
  (x, y) => [x, y],
  (x, y) => [width - 1 - x, y],
  (x, y) => [width - 1 - x, height - 1 - y],
  (x, y) => [x, height - 1 - y],
  (x, y) => [y, x],
  (x, y) => [width - 1 - y, x],
  (x, y) => [width - 1 - y, height - 1 - x],
  (x, y) => [y, height - 1 - x],
];

/** A lossless file whose upright pixels are `smallPixel`'s, stored as this orientation says. */
async function phone(orientation: number, format: 'png' | 'webp' | 'tiff'): Promise<string> {
  const sides = orientation > 4 ? { width: height, height: width } : { width, height };
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < sides.height; y++) {
    for (let x = 0; x < sides.width; x++) {
      const [left, top] = upright[orientation - 1]?.(x, y) ?? [0, 0];
      pixels.set(smallPixel(left, top), (y * sides.width + x) * 3);
    }
  }
  const image = sharp(pixels, { raw: { ...sides, channels: 3 } }).withMetadata({ orientation });
  const lossless = { png: {}, webp: { lossless: true }, tiff: { compression: 'deflate' } } as const;
  const path = join(folder, `${orientation}.${format}`);
  await writeFile(path, await image.toFormat(format, lossless[format]).toBuffer());
  return path;
}

/** The colours of an answer that is to show the upright picture from a place on, turned or not. */
async function expectPixels(
  bytes: Uint8Array,
  [w, h]: readonly [number, number],
  from: (x: number, y: number) => readonly [number, number],
): Promise<void> {
  const seen = await unpack(bytes);
  expect([seen.width, seen.height]).toEqual([w, h]);
  const wrong: string[] = [];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = (y * w + x) * 4;
      const found = [...seen.pixels.subarray(at, at + 3)];
      if (String(found) !== String(smallPixel(...from(x, y)))) wrong.push(`${x},${y}: ${found.join(' ')}`);
    }
  }
  expect(wrong).toEqual([]);
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('A phone with orientation %i', (orientation) => {
  it.each(['png', 'webp', 'tiff'] as const)(
    'as %s is cut where the upright picture is cut, to the pixel',
    async (format) => {
      const path = await phone(orientation, format);
      const show = async (words: string, focal: FocalPoint = null) =>
        (await renderWords(path, `${words}/f_png`, focal)).bytes;
      await expectPixels(await show('c_crop,h_5,w_7,x_3,y_2'), [7, 5], (x, y) => [x + 3, y + 2]);
      await expectPixels(await show('c_crop,g_south_east,h_5,w_7,x_3,y_2'), [7, 5], (x, y) => [x + 30, y + 23]);
      await expectPixels(await show('c_crop,h_5,w_7,x_3,y_2/a_90'), [5, 7], (x, y) => [y + 3, 6 - x]);
      await expectPixels(await show('a_90,c_crop,h_7,w_5,x_3,y_2'), [5, 7], (x, y) => [y + 2, 26 - x]);
      await expectPixels(await show('a_hflip,c_crop,h_5,w_7,x_3,y_2'), [7, 5], (x, y) => [36 - x, y + 2]);
      await expectPixels(await show('a_vflip,c_crop,h_5,w_7,x_3,y_2'), [7, 5], (x, y) => [x + 3, 27 - y]);
      // 0.3 × 40 − 4.5 = 7.5, half up; 0.6 × 30 − 4.5 = 13.5.
      const point = (x: number, y: number) => [x + 8, y + 14] as const;
      await expectPixels(await show('c_crop,g_xy_center,h_9,w_9,x_0.3,y_0.6'), [9, 9], point);
      await expectPixels(await show('c_crop,g_xy_center,h_9,w_9,x_12,y_18'), [9, 9], point);
      await expectPixels(await show('c_crop,g_custom,h_9,w_9', [0.3, 0.6]), [9, 9], point);
      await expectPixels(await show('ar_1:1,g_custom', [0.55, 0.2]), [30, 30], (x, y) => [x + 7, y]);
    },
  );
});

describe('Nothing dark or bright appears at an edge', () => {
  it.each(['a_20', 'r_13', 'r_max', 'bo_3px_solid_ffffff,r_13', 'a_20,r_5', 'c_pad,h_80,w_60', 'c_fit,w_97'])(
    'of white on nothing under %s: what is seen at all is white',
    async (words) => {
      const path = join(folder, 'white.png');
      await writeFile(
        path,
        await sharp({ create: { width: 60, height: 40, channels: 3, background: 'white' } })
          .png()
          .toBuffer(),
      );
      const { bytes } = await renderWords(path, `${words}/f_png`);
      const { pixels } = await unpack(bytes);
      let darkest = 255;
      let partly = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        const alpha = pixels[at + 3] ?? 0;
        if (alpha > 0 && alpha < 255) partly += 1;
        if (alpha > 8) darkest = Math.min(darkest, pixels[at] ?? 0);
      }
      // A rounding or two of what is hardly there.
      expect(darkest).toBeGreaterThanOrEqual(252);
      // Edges that are not straight are smooth.
      if (/[ar]_/.test(words)) expect(partly).toBeGreaterThan(8);
    },
  );

  it('where a rounded picture meets its border: an opaque one has no seam', async () => {
    const path = join(folder, 'seam.png');
    await writeFile(
      path,
      await sharp({ create: { width: 60, height: 40, channels: 3, background: '#ff8800' } })
        .png()
        .toBuffer(),
    );
    const { bytes } = await renderWords(path, 'bo_6px_solid_ff8800,r_15/f_png');
    const { pixels, width: w } = await unpack(bytes);
    // Beyond the outer arc nothing, within it one colour through and through.
    for (let at = 0; at < pixels.length; at += 4) {
      const [x, y] = [(at / 4) % w, Math.floor(at / 4 / w)];
      const distance = Math.hypot(Math.max(0, 21 - x - 0.5, x + 0.5 - 51), Math.max(0, 21 - y - 0.5, y + 0.5 - 31));
      if (distance > 21.5) expect([x, y, pixels[at + 3]]).toEqual([x, y, 0]);
      if (distance < 20.5) expect([x, y, ...pixels.subarray(at, at + 4)]).toEqual([x, y, 255, 136, 0, 255]);
    }
  });
});

describe('A cut that draws the eye', () => {
  it.each(['g_auto', 'g_auto:entropy'])('by %s falls on the same place every time', async (gravity) => {
    const words = `c_fill,${gravity},h_120,w_120/f_png`;
    const [one, two] = await Promise.all([1, 2].map(() => renderWords(fixturePath('scene.jpg'), words)));
    expect([one?.plan.width, one?.plan.height]).toEqual([120, 120]);
    expect(one && two && Buffer.compare(one.bytes, two.bytes)).toBe(0);
  });
});

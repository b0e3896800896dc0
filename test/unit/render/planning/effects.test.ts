import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { effectNames, effects, isBlend } from '../../../../src/transform/params/effects/index.ts';
import { planWords, renderWords } from '../../../support/rendering.ts';

const folder = mkdtempSync(join(tmpdir(), 'tintype-effects-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Pixel = readonly number[];

/** A PNG of these rows of pixels, three or four channels each; its path. */
async function drawn(name: string, rows: readonly (readonly Pixel[])[]): Promise<string> {
  const width = rows[0]?.length ?? 0;
  const channels = rows[0]?.[0]?.length === 4 ? 4 : 3;
  const path = join(folder, `${name}.png`);
  await sharp(Uint8Array.from(rows.flat(2)), { raw: { width, height: rows.length, channels } })
    .png()
    .toFile(path);
  return path;
}

/** Rows of pixels after these words. */
async function pixelsOf(path: string, words: string): Promise<readonly (readonly Pixel[])[]> {
  const { bytes } = await renderWords(path, `${words}/f_png`);
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (y: number, x: number) => (y * info.width + x) * info.channels;
  return Array.from({ length: info.height }, (_row, y) =>
    Array.from({ length: info.width }, (_pixel, x) => [...data.subarray(at(y, x), at(y, x + 1))]),
  );
}

const filled = (pixel: Pixel, width: number, height: number) =>
  Array.from({ length: height }, () => Array.from({ length: width }, () => pixel));

/** Reckoned apart from the code by the formulas of the steps; (200, 120, 40) is as light as a grey of 139. */
const facts: readonly (readonly [words: string, becomes: Pixel])[] = [
  ['e_gamma:80', [223, 168, 91]],
  ['e_gamma:-50', [157, 56, 6]],
  ['e_brightness:20', [251, 171, 91]],
  ['e_brightness:-40', [98, 18, 0]],
  ['e_contrast:25', [236, 116, 0]],
  ['e_contrast:-100', [128, 128, 128]],
  ['e_contrast:100', [255, 0, 0]],
  ['e_saturation:-100', [131, 131, 131]],
  ['e_saturation:50', [234, 114, 0]],
  ['e_hue:50', [40, 165, 63]],
  ['e_hue:100', [63, 143, 223]],
  ['e_hue:-20', [241, 102, 98]],
  ['e_grayscale', [139, 139, 139]],
  ['e_tint', [233, 62, 30]],
  ['co_teal,e_tint:100', [23, 139, 139]],
  ['e_colorize', [128, 128, 128]],
  ['co_navy,e_colorize:25', [150, 90, 62]],
  ['co_00008080,e_colorize', [100, 60, 84]],
  ['e_duotone:navy:gold', [139, 117, 58]],
  ['e_sepia', [183, 151, 107]],
  ['e_sepia:100', [178, 159, 124]],
  ['e_negate', [55, 135, 215]],
  ['e_threshold:139', [255, 255, 255]],
  ['e_threshold:140', [0, 0, 0]],
];

describe('The colour (200, 120, 40)', () => {
  it.each(facts)('under %s is %j', async (words, becomes) => {
    const path = await drawn('orange', filled([200, 120, 40], 4, 4));
    expect(await pixelsOf(path, words)).toEqual(filled(becomes, 4, 4));
  });

  it.each(facts)('half seen under %s changes its colour alike and keeps its alpha', async (words, becomes) => {
    const path = await drawn('half', filled([200, 120, 40, 127], 4, 4));
    expect(await pixelsOf(path, words)).toEqual(filled([...becomes, 127], 4, 4));
  });

  it('is changed in the documented order, whatever the order of the words', async () => {
    const path = await drawn('ordered', filled([200, 120, 40], 4, 4));
    const once = await pixelsOf(path, 'e_brightness:-40,e_gamma:80');
    // Gamma makes it (223, 168, 91), then 102 is taken away.
    expect(once).toEqual(filled([121, 66, 0], 4, 4));
    expect(await pixelsOf(path, 'e_gamma:80,e_brightness:-40')).toEqual(once);
    expect(await pixelsOf(path, 'e_brightness:-40/e_gamma:80')).not.toEqual(once);
  });

  it('has o per cent of its alpha under o, and shows white or b where nothing else can be shown', async () => {
    const path = await drawn('seen', filled([200, 120, 40], 4, 4));
    expect(await pixelsOf(path, 'o_40')).toEqual(filled([200, 120, 40, 102], 4, 4));
    expect(await pixelsOf(path, 'b_black,o_40')).toEqual(filled([80, 48, 16], 4, 4));
    expect(await pixelsOf(path, 'o_0')).toEqual(filled([200, 120, 40, 0], 4, 4));
  });

  it('lies over a translucent ground as paint would', async () => {
    const path = await drawn('over', filled([200, 120, 40, 127], 4, 4));
    // 127 + 128 · 128/255 = 191; of each channel 127 parts are the pixel's and 64.25 the ground's.
    expect(await pixelsOf(path, 'b_0000ff80')).toEqual(filled([133, 80, 112, 191], 4, 4));
    expect(await pixelsOf(path, 'b_0000ff00')).toEqual(filled([200, 120, 40, 127], 4, 4));
  });
});

describe('Neighbours have a say:', () => {
  const speck = filled([0, 0, 0], 9, 9).map((row, y) =>
    row.map((pixel, x) => (x === 4 && y === 4 ? [255, 255, 255] : pixel)),
  );

  it('a median takes a speck away', async () => {
    expect(await pixelsOf(await drawn('speck', speck), 'e_median')).toEqual(filled([0, 0, 0], 9, 9));
  });

  it('squares become their mean, cut ones too, and what is unseen has no colour in it', async () => {
    const path = await drawn('squares', [
      [
        [0, 0, 0, 255],
        [200, 0, 0, 255],
        [7, 8, 9, 255],
      ],
      [
        [0, 100, 0, 255],
        [255, 255, 255, 0],
        [9, 8, 7, 255],
      ],
    ]);
    const mean = [67, 33, 0, 191];
    expect(await pixelsOf(path, 'e_pixelate:2')).toEqual([
      [mean, mean, [8, 8, 8, 255]],
      [mean, mean, [8, 8, 8, 255]],
    ]);
  });

  it.each([
    [100, 2.5],
    [475, 10],
  ])('an edge blurred with strength %d falls off like a Gaussian of %f px', async (strength, sigma) => {
    const side = 121;
    const path = await drawn(
      `edge-${strength}`,
      Array.from({ length: 21 }, () => Array.from({ length: side }, (_, x) => (x < 60 ? [0, 0, 0] : [255, 255, 255]))),
    );
    const row = (await pixelsOf(path, `e_blur:${strength}`))[10] ?? [];
    for (const [x, [value = 0]] of row.entries())
      expect(Math.abs(value - 255 * shareBelow((x - 59.5) / sigma))).toBeLessThan(4);
  });

  it('an unsharp mask adds what a Gaussian of 1 px would take away', async () => {
    const path = await drawn(
      'step',
      Array.from({ length: 21 }, () =>
        Array.from({ length: 21 }, (_, x) => (x < 10 ? [100, 100, 100] : [150, 150, 150])),
      ),
    );
    const row = (await pixelsOf(path, 'e_unsharp_mask:50'))[10] ?? [];
    for (const [x, [value = 0]] of row.entries()) {
      const own = x < 10 ? 100 : 150;
      expect(Math.abs(value - (own + (own - (100 + 50 * shareBelow(x - 9.5))) / 2))).toBeLessThan(2);
    }
  });

  it('sharpening leaves what is flat and the chroma of an edge as they are', async () => {
    const path = await drawn('flat', filled([200, 120, 40], 9, 9));
    const [[pixel = []] = []] = await pixelsOf(path, 'e_sharpen:400');
    for (const [band, value] of pixel.entries())
      expect(Math.abs(value - ([200, 120, 40][band] ?? 0))).toBeLessThanOrEqual(1);
  });

  it('normalising spreads what is seen over the whole range, and counts nothing else', async () => {
    const greys = [50, 100, 150].map((grey) => [grey, grey, grey, 255]);
    const path = await drawn('narrow', [[...greys, [0, 0, 0, 0]]]);
    expect(await pixelsOf(path, 'e_normalize')).toEqual([
      [
        [0, 0, 0, 255],
        [128, 128, 128, 255],
        [255, 255, 255, 255],
        [0, 0, 0, 0],
      ],
    ]);
    const even = await drawn('even', filled([9, 9, 9], 4, 4));
    expect(await pixelsOf(even, 'e_normalize')).toEqual(filled([9, 9, 9], 4, 4));
  });

  it('tiles never spread a flat picture by more than their limit', async () => {
    const path = await drawn('tiles', filled([100, 100, 100], 32, 32));
    // One level holds all; 3/256 of it stay, and the rest lies evenly below and above: 255 · (101/256 · 253/256 + 3/256).
    const [[pixel = []] = []] = await pixelsOf(path, 'e_clahe');
    expect(pixel).toEqual([102, 102, 102]);
  });
});

/** Of a normal distribution: the share below so many deviations (Abramowitz and Stegun, 7.1.26, within 1.5e-7). */
function shareBelow(deviations: number): number {
  const x = Math.abs(deviations) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = series * Math.exp(-x * x);
  return deviations < 0 ? tail / 2 : 1 - tail / 2;
}

describe('An effect', () => {
  it.each(effectNames.filter((name) => !isBlend(name)))('%s is a step of its own', async (name) => {
    const path = await drawn('any', filled([200, 120, 40], 12, 12));
    const plan = await planWords(path, `e_${effects[name].samples[0]}`);
    expect(plan.steps).toHaveLength(1);
  });

  it.each([
    'e_brightness:0',
    'e_contrast:0',
    'e_gamma:0',
    'e_hue:0',
    'e_saturation:0',
    'e_colorize:0',
    'e_tint:0',
    'o_100',
  ])('that changes nothing (%s) is no step', async (words) => {
    const path = await drawn('any', filled([200, 120, 40], 12, 12));
    expect((await planWords(path, words)).steps).toEqual([]);
  });
});

describe('Trimming', () => {
  const frame = [250, 250, 250];
  const dot = [10, 20, 30];
  /** 30 × 20, a frame about a block of 10 × 8 that begins at (12, 5). */
  const framed = (block: Pixel, around: Pixel) =>
    Array.from({ length: 20 }, (_row, y) =>
      Array.from({ length: 30 }, (_pixel, x) => (x >= 12 && x < 22 && y >= 5 && y < 13 ? block : around)),
    );

  it('leaves the smallest rectangle that holds what differs, and the rest of the words see nothing else', async () => {
    const path = await drawn('framed', framed(dot, frame));
    expect(await pixelsOf(path, 'e_trim')).toEqual(filled(dot, 10, 8));
    expect(await pixelsOf(path, 'a_90,e_trim')).toEqual(filled(dot, 8, 10));
    expect(await pixelsOf(path, 'e_trim,w_0.5')).toEqual(filled(dot, 5, 4));
    expect(await pixelsOf(path, 'c_crop,e_trim,h_3,w_2,x_1,y_1')).toEqual(filled(dot, 2, 3));
    expect(await pixelsOf(path, 'c_crop,h_10,w_20/e_negate,e_trim/a_180')).toEqual(filled([245, 235, 225], 8, 5));
  });

  it('ends where the tolerance does', async () => {
    const faint = framed([220, 250, 250], frame);
    const path = await drawn('faint', faint);
    expect(await pixelsOf(path, 'e_trim:40')).toEqual(faint);
    expect(await pixelsOf(path, 'e_trim:20')).toEqual(filled([220, 250, 250], 10, 8));
  });

  it('cuts transparent edges too, and leaves a picture of one colour as it is', async () => {
    const clear = framed([...dot, 255], [...dot, 0]);
    expect(await pixelsOf(await drawn('clear', clear), 'e_trim')).toEqual(filled([...dot, 255], 10, 8));
    expect(await pixelsOf(await drawn('one', filled(dot, 9, 9)), 'e_trim')).toEqual(filled(dot, 9, 9));
    expect(await pixelsOf(await drawn('tiny', filled(dot, 2, 2)), 'e_trim')).toEqual(filled(dot, 2, 2));
  });

  it('takes a line for a picture and a speck for none', async () => {
    const line = framed(frame, frame).map((row, y) => row.map((pixel, x) => (x === 7 && y > 2 && y < 9 ? dot : pixel)));
    const speck = framed(frame, frame).map((row, y) => row.map((pixel, x) => (x === 7 && y === 9 ? dot : pixel)));
    // A line's last pixels have but one neighbour in it.
    expect(await pixelsOf(await drawn('line', line), 'e_trim')).toEqual(filled(dot, 1, 4));
    expect(await pixelsOf(await drawn('lone', speck), 'e_trim')).toEqual(speck);
  });

  it('takes the focal point along', async () => {
    const told = framed(dot, frame).map((row, y) => row.map((pixel, x) => (pixel === dot ? [x * 5, y * 5, 0] : pixel)));
    const path = await drawn('pointed', told);
    const { bytes } = await renderWords(path, 'c_crop,e_trim,f_png,g_custom,h_2,w_2', [20 / 30, 11 / 20]);
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    // The pixel left above the point (20, 11) of the whole picture.
    expect([...data.subarray(0, 3)]).toEqual([19 * 5, 10 * 5, 0]);
  });

  it('is refused where what is left would become too large', async () => {
    const path = await drawn('framed', framed(dot, frame));
    await expect(renderWords(path, 'c_scale,e_trim,h_8192,w_8192')).rejects.toThrow('at most 40000000 pixels');
  });
});

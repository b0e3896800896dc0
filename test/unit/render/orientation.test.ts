import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { formats } from '../../../src/formats/index.ts';
import { cropModes } from '../../../src/transform/params/crop.ts';
import { likeness, type Tolerance } from '../../support/likeness.ts';
import { fixturePath } from '../../support/photo.ts';
import { renderWords } from '../../support/rendering.ts';

/** The same scene, 120 × 80 upright, however it is stored. */
const stored = {
  jpg: [2, 3, 4, 5, 6, 7, 8],
  png: [3, 6],
  webp: [3, 6],
  tiff: [3, 6],
  avif: [2, 3, 5, 6],
} as const;

const files = Object.entries(stored).flatMap(([extension, orientations]) =>
  orientations.map((orientation) => `orientation/${orientation}.${extension}`),
);

/** What a codec does to a turned file: far less than a pixel's shift, which costs a tenth of the structure. */
const tolerance: Tolerance = { structure: 0.985, colour: 2.5 };

/** Every mode, and from every mode's words one that is off the middle on both axes. */
const words: readonly string[] = [
  ...cropModes.filter((mode) => mode !== 'auto' && mode !== 'crop').map((mode) => `c_${mode},h_64,w_64`),
  'c_crop,h_50,w_60,x_30,y_20',
  'c_crop,g_south_east,h_48,w_64,x_5,y_3',
  'c_fill,g_south_west,h_70,w_50',
  'c_fill,g_xy_center,h_48,w_48,x_0.7,y_0.4',
  'c_pad,g_north_east,h_100,w_130',
  'a_90,c_fill,g_north,h_60,w_40',
  'a_hflip,c_crop,h_50,w_60,x_30,y_20',
  'a_20,w_100',
  'r_20,w_100',
  'c_crop,h_60,w_90,x_10,y_10/a_270,w_40',
];

async function expectAlike(file: string, asked: string): Promise<void> {
  const upright = await renderWords(fixturePath('orientation/1.jpg'), `${asked}/f_png`);
  const turned = await renderWords(fixturePath(file), `${asked}/f_png`);
  expect([turned.plan.width, turned.plan.height]).toEqual([upright.plan.width, upright.plan.height]);
  const found = await likeness(upright.bytes, turned.bytes);
  expect(found.structure).toBeGreaterThan(tolerance.structure);
  expect(found.colour).toBeLessThan(tolerance.colour);
}

describe.each(files)('%s comes out like the upright picture under', (file) => {
  it.each(words)('%s', (asked) => expectAlike(file, asked));
});

describe.each(['2.jpg', '6.jpg', '7.jpg', '3.webp', '6.tiff', '6.png', '6.avif'])('Of orientation/%s', (file) => {
  const words = [
    'w_60',
    'c_fill,h_50,w_60',
    'a_ignore,w_60',
    'cs_bw,w_60',
    'cs_keep,w_60',
    'e_blur,w_60',
    'c_fit,w_150',
  ];
  it.each(Object.keys(formats))('no answer in %s is turned once more by whoever shows it', async (format) => {
    for (const asked of words) {
      const { plan, bytes } = await renderWords(fixturePath(`orientation/${file}`), `${asked},f_${format}`);
      // AVIF has its own boxes, which sharp goes by when it reads.
      const { width, height, orientation = 1 } = await sharp(bytes).metadata();
      expect([asked, width, height, orientation]).toEqual([asked, plan.width, plan.height, 1]);
    }
  });
});

describe('A phone that was held upside down or sideways', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('with orientation %i is shown as it lies by a_ignore', async (orientation) => {
    const { plan } = await renderWords(fixturePath(`orientation/${orientation}.jpg`), 'a_ignore,f_png');
    expect(plan.steps).toEqual([]);
    expect([plan.width, plan.height]).toEqual(orientation > 4 ? [80, 120] : [120, 80]);
  });
});

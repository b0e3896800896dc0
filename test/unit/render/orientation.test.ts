import { describe, expect, it } from 'vitest';
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

describe('A phone that was held upside down or sideways', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('with orientation %i is shown as it lies by a_ignore', async (orientation) => {
    const { plan } = await renderWords(fixturePath(`orientation/${orientation}.jpg`), 'a_ignore,f_png');
    expect(plan.steps).toEqual([]);
    expect([plan.width, plan.height]).toEqual(orientation > 4 ? [80, 120] : [120, 80]);
  });
});

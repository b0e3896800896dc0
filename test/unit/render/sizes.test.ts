import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../support/photo.ts';
import { planWords, renderWords } from '../../support/rendering.ts';

/** URLs that random ones once met where sharp's own order, or what it tells of a size, is not what it seems. */
describe('A picture is as large as planned', () => {
  it.each([
    // One angle to a pipeline: the first was forgotten.
    ['scene.jpg', 'a_1/a_90,w_60'],
    ['scene.jpg', 'a_-30,w_90/a_90,c_fill,h_40,w_50'],
    // Cut and put on a canvas at once, sharp tells the size between the two.
    ['scene.jpg', 'bo_4px_solid_black,w_1,ar_16:9/ar_16:9'],
    ['orientation/7.jpg', 'bo_4px_solid_black,c_fill,z_2.75/o_50'],
    ['scene.jpg', 'bo_4px_solid_black,c_crop,h_50,w_60/r_20/a_20'],
    // No median beyond the edges.
    ['scene.jpg', 'e_median:9,w_1'],
    ['scene.jpg', 'c_scale,e_median:9,h_4,w_90'],
    // One channel out of a file with an orientation.
    ['orientation/6.jpg', 'cs_bw,f_tiff'],
    ['orientation/6.jpg', 'cs_bw,f_avif,w_60'],
  ])('%s under %s', async (file, words) => {
    const { plan, bytes } = await renderWords(fixturePath(file), words);
    const { width, height } = await sharp(bytes).metadata();
    expect([width, height]).toEqual([plan.width, plan.height]);
  });

  it('by any angle: libvips rounds the grown canvas as we do', async () => {
    for (let degrees = 1; degrees < 360; degrees += 7) {
      const { plan, bytes } = await renderWords(
        fixturePath('small.png'),
        `a_${degrees},f_png,w_${20 + (degrees % 90)}`,
      );
      const { width, height } = await sharp(bytes).metadata();
      expect([degrees, width, height]).toEqual([degrees, plan.width, plan.height]);
    }
  });

  it('and a component that says nothing changes nothing of what comes after it', async () => {
    const path = fixturePath('orientation/6.jpg');
    for (const idle of ['r_0', 'dpr_1', 'e_brightness:0', 'c_limit']) {
      expect(await planWords(path, `${idle}/a_ignore.180,w_50`)).toEqual(await planWords(path, 'a_ignore.180,w_50'));
    }
  });
});

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { renderAll } from '../../../../src/render/pixels/render.ts';
import { sharedBy } from '../../../../src/render/planning/shared-decode.ts';
import { letTestsLook } from '../../../support/looking.ts';
import { fixturePath } from '../../../support/photo.ts';
import { planWords, renderWords } from '../../../support/rendering.ts';

const cases: readonly (readonly [picture: string, words: string])[] = [
  ['scene.jpg', 'w_120'],
  ['scene.jpg', 'c_fill,w_90,h_90,g_auto,e_sharpen'],
  ['scene.jpg', 'w_100,e_sepia,r_10,b_red'],
  ['scene.jpg', 'w_60,cs_bw'],
  ['orientation/6.jpg', 'w_50'],
  ['orientation/6.jpg', 'w_50/a_20'],
  ['alpha.png', 'w_40'],
  ['alpha.png', 'w_40,b_auto'],
  ['grey.jpg', 'w_40'],
  ['grey16.png', 'w_20'],
  ['rgb16.png', 'w_20'],
  ['palette.png', 'w_20'],
  ['cmyk.jpg', 'w_20'],
  ['p3.jpg', 'w_20,cs_keep'],
  ['private.jpg', 'w_20,fl_keep_attribution'],
  ['scene.jpg', 'e_trim/w_20'],
  ['animated.gif', 'w_60'],
  ['animated.gif', 'pg_2,w_60'],
];

/** What is seen; png and jpg also tell a density, which they take from a file only where their pipeline began with it. */
async function seen(bytes: Uint8Array | undefined): Promise<Buffer> {
  return sharp(Buffer.from(bytes ?? []), { animated: true })
    .raw()
    .toBuffer();
}

describe('Several formats from one decode show pixel for pixel what each does alone', () => {
  it.each(cases)('%s %s', async (picture, words) => {
    const path = fixturePath(picture);
    const own = /jpg|gif/.exec(picture) ?? [];
    const each = ['avif', 'webp', 'png', ...own].map((format) => `${words},f_${format}`);
    const plans = await Promise.all(each.map((one) => planWords(path, one)));
    const together = await renderAll({ plans, path, version: '0'.repeat(64) });
    letTestsLook();
    for (const [index, one] of each.entries()) {
      const alone = await renderWords(path, one);
      expect((await seen(together[index])).equals(await seen(alone.bytes)), one).toBe(true);
    }
  });
});

describe('Plans share a decode', () => {
  const group = async (words: readonly string[], picture = 'scene.jpg') => {
    const plans = await Promise.all(words.map((one) => planWords(fixturePath(picture), one)));
    return sharedBy(plans).map((sharing) => sharing.map(({ format }) => format));
  };

  it('where they differ in the encoding alone, also of a picture that some encoders must be told is upright', async () => {
    expect(await group(['w_50,f_avif', 'w_50,f_webp', 'w_50,f_jpg,q_20'])).toEqual([['avif', 'webp', 'jpg']]);
    expect(await group(['w_50,f_avif', 'w_50,f_webp'], 'orientation/6.jpg')).toEqual([['avif', 'webp']]);
  });

  it('not where pixels differ: another size, or alpha that one format has no room for', async () => {
    expect(await group(['w_50,f_webp', 'w_60,f_webp'])).toEqual([['webp'], ['webp']]);
    expect(await group(['w_20,f_webp', 'w_20,f_jpg'], 'alpha.png')).toEqual([['webp'], ['jpg']]);
  });
});

import { describe, expect, it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { fixturePath } from '../support/photo.ts';
import { renderWords } from '../support/rendering.ts';

/** The balloon's middle in the scene: off the middle, far from every edge of the cuts below. */
const balloon = [0.69, 0.36] as const;

/** 480 × 320 with a letter in every corner; each picture was looked at before it became a golden. */
const geometry: readonly string[] = [
  'w_120',
  'c_fit,h_90,w_150',
  'c_mfit,h_60,w_60',
  'c_scale,h_90,w_60',
  'c_fill,h_90,w_90',
  'c_fill,g_west,h_90,w_90',
  'c_fill,g_east,h_90,w_90,x_100',
  'c_fill,g_south,h_40,w_120',
  'c_fill,g_xy_center,h_90,w_90,x_0.69,y_0.36',
  'c_fill,g_xy_center,h_90,w_90,x_160,y_0.5',
  'c_fill,g_custom,h_90,w_90',
  'c_fill,g_auto,h_90,w_90',
  'c_fill,g_auto:entropy,h_90,w_90',
  'c_thumb,g_custom,h_90,w_90,z_2.5',
  'ar_2:1,g_north,w_120',
  'c_lfill,h_640,w_320',
  'c_pad,h_90,w_90',
  'c_pad,b_ffcc00,g_north_east,h_90,w_110',
  'b_11aa4480,c_pad,g_west,h_90,w_160,x_32',
  'c_lpad,b_navy,g_south,h_360,w_500/w_125',
  'c_mpad,b_eeeeee,g_south_west,h_340,w_520/w_130',
  'c_crop,h_80,w_80',
  'c_crop,h_80,w_80,x_300,y_60',
  'c_crop,g_center,h_80,w_120,x_60,y_-40',
  'c_crop,g_south_east,h_80,w_100,x_10,y_20',
  'c_crop,g_custom,h_90,w_90',
  'c_crop,g_center,h_90,w_90,z_0.5',
  'c_crop,h_0.5,w_0.5,x_0.5,y_0.25/w_100',
];

const edges: readonly string[] = [
  'a_90,w_80',
  'a_hflip,w_120',
  'a_vflip.90,w_80',
  'a_30,w_100',
  'a_-45,b_ffcc00,w_80',
  'a_200,b_00000080,c_fill,h_70,w_70',
  'a_hflip.15,w_100',
  'r_20,w_120',
  'c_fill,h_90,r_max,w_90',
  'r_max,w_120',
  'r_0:40:10:25,w_120',
  'b_ffcc00,r_30,w_120',
  'bo_4px_solid_ff0000,w_120',
  'bo_6px_solid_0000ff80,w_120',
  'bo_6px_solid_222222,r_24,w_120',
  'b_white,bo_5px_solid_d02020,c_fill,h_90,r_max,w_90',
  'bo_6px_solid_2020d0,r_0:30:0:30,w_120',
  'bo_3px_solid_black,dpr_2,r_10,w_60',
  'b_ffcc00,c_pad,bo_4px_solid_navy,h_90,r_16,w_90',
];

const name = (words: string) => words.replaceAll('/', '--');

describe('The scene under these words looks as it did when it was looked at:', () => {
  it.each([...geometry, ...edges])('%s', async (words) => {
    const { plan, bytes } = await renderWords(fixturePath('scene.png'), `${words}/f_png`, balloon);
    expect([plan.width, plan.height].every((side) => side > 0)).toBe(true);
    await expectGolden(`geometry/${name(words)}`, bytes);
  });
});

describe('A transparent picture under these words looks as it did when it was looked at:', () => {
  it.each(['c_pad,h_90,w_120', 'r_max,w_90', 'bo_5px_solid_ff000080,r_20,w_90', 'b_skyblue,c_pad,h_90,r_20,w_120'])(
    '%s',
    async (words) => {
      const { bytes } = await renderWords(fixturePath('alpha.png'), `${words}/f_png`);
      await expectGolden(`alpha/${name(words)}`, bytes);
    },
  );
});

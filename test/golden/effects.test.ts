import { describe, it } from 'vitest';
import { effectNames, effects, isBlend } from '../../src/transform/params/effects/index.ts';
import { expectGolden } from '../support/golden.ts';
import { fixturePath } from '../support/photo.ts';
import { renderWords } from '../support/rendering.ts';

/** Every effect as its example has it, and where that is cut off or hardly seen, with a better value. */
const words: readonly string[] = [
  ...effectNames.filter((name) => name !== 'trim' && !isBlend(name)).map((name) => `e_${effects[name].samples[0]}`),
  'e_blur:475',
  'e_brightness:20',
  'e_contrast:30',
  'e_saturation:-60',
  'e_hue:30',
  'e_gamma:60',
  'co_navy,e_colorize:40',
  'co_teal,e_tint:80',
  'e_clahe:2:2',
  'e_median:9',
  'e_pixelate:12',
  'e_sharpen:1000',
  'e_unsharp_mask:300',
  'e_gamma:40,e_grayscale,e_sharpen,e_sepia:60',
  'e_negate,w_60/e_blur',
  'b_auto,c_pad,h_80,w_200',
  'b_auto,a_20',
  'b_blurred,c_pad,h_80,w_200',
  'b_blurred,c_pad,g_north,h_120,w_80',
];

const name = (text: string) => text.replaceAll('/', '--');

describe('The scene under these effects looks as it did when it was looked at:', () => {
  it.each(words)('%s', async (text) => {
    const { bytes } = await renderWords(fixturePath('scene.png'), `c_limit,w_120/${text}/f_png`);
    await expectGolden(`effects/${name(text)}`, bytes);
  });
});

/** Under the transparent places lie magenta and green: neither may shine, and no edge may get a fringe. */
const translucent: readonly string[] = [
  'e_blur:475',
  'e_sharpen:1000',
  'e_unsharp_mask:300',
  'e_pixelate:12',
  'e_median:9',
  'e_normalize',
  'e_clahe',
  'e_negate',
  'b_navy,e_negate',
  'b_2080ff80',
  'b_auto,c_pad,h_90,w_160',
  'b_blurred,c_pad,h_90,w_160',
  'o_50',
];

describe('A transparent picture under these words looks as it did when it was looked at:', () => {
  it.each(translucent)('%s', async (text) => {
    const { bytes } = await renderWords(fixturePath('alpha.png'), `${text}/f_png`);
    await expectGolden(`effects-alpha/${name(text)}`, bytes);
  });
});

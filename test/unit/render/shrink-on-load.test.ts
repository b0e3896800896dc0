import { describe, expect, it } from 'vitest';
import { type PlanSource, planRender, type RenderPlan } from '../../../src/render/planning/plan.ts';
import { passesOf } from '../../../src/render/steps/index.ts';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../src/transform/image-path.ts';
import { resolveTransform } from '../../../src/transform/resolve.ts';

/**
 * Decoders of JPEG and WebP give a half, a quarter or an eighth of the size almost for nothing, but only where scaling is
 * the first thing that happens: a cut, a turn or a trim before it switches that off.
 */

const phone = {
  facts: {
    format: 'jpg',
    mediaType: 'image/jpeg',
    width: 3000,
    height: 4000,
    orientation: 6,
    alpha: false,
    pages: 1,
  },
  focalPoint: [0.3, 0.7],
} as const satisfies PlanSource;

function plan(words: string): RenderPlan {
  const asked = parseTransform(splitImagePath(`/img/cat/${words}`, '/img/'), new Map());
  return planRender(resolveTransform(asked, { accept: null }), phone, { maxOutput: 40_000_000, maxFrames: 256 });
}

/** Every mode that scales, with words that move what it does; `c_crop` and `c_mpad` leave the scale as it is. */
const scaling: readonly string[] = [
  'w_400',
  'c_limit,h_300,w_400',
  'c_fit,h_300,w_400',
  'c_mfit,h_300,w_400',
  'c_scale,h_300,w_400',
  'c_fill,h_300,w_400',
  'c_fill,g_south_east,h_300,w_400',
  'c_fill,g_xy_center,h_300,w_400,x_0.3,y_0.6',
  'c_fill,g_custom,h_300,w_400',
  'c_fill,g_auto,h_300,w_400',
  'c_fill,g_auto:entropy,h_300,w_400',
  'c_lfill,h_300,w_400',
  'c_pad,h_300,w_400',
  'c_lpad,h_300,w_400',
  'c_thumb,g_custom,h_300,w_400,z_1.5',
  'c_auto,h_300,w_400',
  'ar_1:1,w_400',
  'c_crop,h_300,w_400,z_0.5',
  'a_90,w_400',
  'a_hflip,c_fill,h_300,w_400',
  'a_180,c_pad,h_300,w_400',
  'a_ignore,w_400',
  'a_30,w_400',
  'r_20,w_400',
  'bo_4px_solid_red,r_20,w_400',
  'dpr_2,w_200',
  'w_400/c_crop,h_200,w_200',
  'w_400,f_webp,q_50',
  'w_400,f_avif',
  'e_blur,w_400',
  'e_sharpen,w_400',
  'e_grayscale,w_400',
  'o_50,w_400',
];

describe('The first thing that happens to a phone photo', () => {
  it.each(scaling)('under %s is scaling, its turn comes later', (words) => {
    const { steps } = plan(words);
    expect(steps[0]?.kind).toBe('resize');
    expect(steps.findIndex(({ kind }) => kind === 'turn')).not.toBe(0);
  });

  it('is a cut only where the cut was asked for before', () => {
    expect(plan('c_crop,h_1000,w_1000/w_100').steps.map(({ kind }) => kind)).toEqual(['turn', 'crop', 'resize']);
  });
});

/** A pipeline less is a picture less that is written into memory and read again. */
describe('One pipeline of libvips does', () => {
  it.each([
    'w_400',
    'c_fill,h_300,w_400',
    'c_fill,g_custom,h_300,w_400',
    'c_pad,b_white,h_300,w_400',
    'c_scale,h_300,w_400',
    'a_90,c_fill,h_300,w_400',
    'c_crop,h_300,w_400',
    'c_fill,h_300,r_max,w_300',
    'bo_4px_solid_red,w_400',
    'e_blur,w_400',
    'e_sharpen,w_400',
  ])('all of %s', (words) => {
    expect(passesOf(plan(words).steps)).toHaveLength(1);
  });

  it.each([
    // The strategy looks at the upright, scaled picture.
    ['c_fill,g_auto,h_300,w_400', 2],
    // A turn by any angle after the quarter turn that makes it upright.
    ['a_30,w_400', 2],
    // What sharp would tell of a picture that is cut and gets a canvas in one pipeline is wrong.
    ['bo_4px_solid_red,c_fill,h_300,w_400', 2],
    ['c_crop,h_1000,w_1000/w_100', 2],
  ] as const)('not quite %s: that takes %i', (words, count) => {
    expect(passesOf(plan(words).steps)).toHaveLength(count);
  });
});

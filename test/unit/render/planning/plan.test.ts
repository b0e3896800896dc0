import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/errors.ts';
import { type PlanSource, planRender, type RenderPlan } from '../../../../src/render/planning/plan.ts';
import type { SourceFacts } from '../../../../src/render/source-facts.ts';
import type { Step } from '../../../../src/render/steps/index.ts';
import { parseTransform } from '../../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../../src/transform/image-path.ts';
import { resolveTransform } from '../../../../src/transform/resolve.ts';

const limits = { maxOutput: 40_000_000, maxFrames: 256 };
const photo: SourceFacts = {
  format: 'jpg',
  mediaType: 'image/jpeg',
  width: 1000,
  height: 600,
  orientation: 1,
  alpha: false,
  pages: 1,
};

function plan(
  words: string,
  facts: Partial<SourceFacts> = {},
  focalPoint: PlanSource['focalPoint'] = null,
): RenderPlan {
  const path = words === '' ? '/img/cat' : `/img/cat/${words}`;
  const asked = parseTransform(splitImagePath(path, '/img/'), new Map());
  return planRender(
    resolveTransform(asked, { accept: 'image/avif' }),
    { facts: { ...photo, ...facts }, focalPoint },
    limits,
  );
}

const crop = (left: number, top: number, width: number, height: number): Step => ({
  kind: 'crop',
  left,
  top,
  width,
  height,
});
const resize = (width: number, height: number): Step => ({ kind: 'resize', width, height });

describe('A picture of 1000×600 under', () => {
  const table: readonly (readonly [words: string, steps: readonly Step[], size: readonly [number, number]])[] = [
    ['', [], [1000, 600]],
    ['w_400', [resize(400, 240)], [400, 240]],
    ['h_300', [resize(500, 300)], [500, 300]],
    ['w_400,h_400', [resize(400, 240)], [400, 240]],
    ['w_5000', [], [1000, 600]],
    ['w_1000', [], [1000, 600]],
    ['w_0.5', [resize(500, 300)], [500, 300]],
    ['w_333', [resize(333, 200)], [333, 200]],
    ['w_1', [resize(1, 1)], [1, 1]],
    ['w_400,dpr_2', [resize(800, 480)], [800, 480]],
    ['w_333,dpr_1.5', [resize(500, 300)], [500, 300]],
    ['c_fit,w_2000', [resize(2000, 1200)], [2000, 1200]],
    ['c_mfit,w_500,h_500', [resize(833, 500)], [833, 500]],
    ['c_scale,w_300,h_300', [resize(300, 300)], [300, 300]],
    ['c_scale,w_300', [resize(300, 180)], [300, 180]],
    ['c_fill,w_300,h_300', [resize(500, 300), crop(100, 0, 300, 300)], [300, 300]],
    ['c_fill,g_west,w_300,h_300', [resize(500, 300), crop(0, 0, 300, 300)], [300, 300]],
    ['c_fill,g_south_east,w_300,h_300', [resize(500, 300), crop(200, 0, 300, 300)], [300, 300]],
    ['c_fill,g_west,x_100,w_300,h_300', [resize(500, 300), crop(50, 0, 300, 300)], [300, 300]],
    ['c_fill,g_west,x_5000,w_300,h_300', [resize(500, 300), crop(200, 0, 300, 300)], [300, 300]],
    ['c_fill,g_xy_center,x_0.33,y_0.6,w_300,h_300', [resize(500, 300), crop(15, 0, 300, 300)], [300, 300]],
    ['c_fill,g_xy_center,x_330,y_360,w_300,h_300', [resize(500, 300), crop(15, 0, 300, 300)], [300, 300]],
    ['c_fill,w_300,h_300,z_2', [crop(350, 150, 300, 300)], [300, 300]],
    ['c_fill,w_300,h_300,z_1.5', [resize(750, 450), crop(225, 75, 300, 300)], [300, 300]],
    ['c_fill,w_2000,h_2000', [resize(3333, 2000), crop(667, 0, 2000, 2000)], [2000, 2000]],
    ['ar_1:1,w_300', [resize(500, 300), crop(100, 0, 300, 300)], [300, 300]],
    ['ar_1:1', [crop(200, 0, 600, 600)], [600, 600]],
    ['c_lfill,w_2000,h_2000', [crop(200, 0, 600, 600)], [600, 600]],
    ['c_lfill,w_300,h_300', [resize(500, 300), crop(100, 0, 300, 300)], [300, 300]],
    ['c_crop,w_300,h_200', [crop(0, 0, 300, 200)], [300, 200]],
    ['c_crop,w_300,h_200,x_50,y_20', [crop(50, 20, 300, 200)], [300, 200]],
    ['c_crop,w_300,h_200,x_900,y_500', [crop(900, 500, 100, 100)], [100, 100]],
    ['c_crop,w_300,h_200,x_-100', [crop(0, 0, 200, 200)], [200, 200]],
    ['c_crop,g_center,w_300,h_200', [crop(350, 200, 300, 200)], [300, 200]],
    ['c_crop,g_south_east,w_300,h_200,x_10,y_5', [crop(690, 395, 300, 200)], [300, 200]],
    ['c_crop,w_300,h_200,dpr_2', [crop(0, 0, 300, 200)], [300, 200]],
    ['c_crop,w_0.5,h_0.5,x_0.25,y_0.25/w_100', [crop(250, 150, 500, 300), resize(100, 60)], [100, 60]],
    [
      'c_fill,g_auto,w_300,h_300',
      [resize(500, 300), { kind: 'smart-crop', width: 300, height: 300, by: 'attention' }],
      [300, 300],
    ],
    [
      'c_fill,g_auto:entropy,w_300,h_300',
      [resize(500, 300), { kind: 'smart-crop', width: 300, height: 300, by: 'entropy' }],
      [300, 300],
    ],
    ['a_90,w_200', [resize(333, 200), { kind: 'turn', turn: { quarters: 1, mirror: false } }], [200, 333]],
    ['a_hflip', [{ kind: 'turn', turn: { quarters: 0, mirror: true } }], [1000, 600]],
    [
      'a_hflip,c_fill,w_300,h_300,g_west',
      [resize(500, 300), { kind: 'turn', turn: { quarters: 0, mirror: true } }, crop(0, 0, 300, 300)],
      [300, 300],
    ],
  ];
  it.each(table)('"%s" goes through exactly these steps', (words, steps, [width, height]) => {
    expect(plan(words)).toMatchObject({ steps, width, height });
  });

  it('pads lie where gravity says, on white for a jpg and on nothing for a png', () => {
    const white = { red: 255, green: 255, blue: 255, alpha: 255 };
    const none = { red: 0, green: 0, blue: 0, alpha: 0 };
    expect(plan('c_pad,w_500,h_500').steps).toEqual([
      resize(500, 300),
      { kind: 'pad', left: 0, right: 0, top: 100, bottom: 100, background: white },
    ]);
    expect(plan('c_pad,f_png,g_north,w_500,h_500').steps[1]).toEqual({
      kind: 'pad',
      left: 0,
      right: 0,
      top: 0,
      bottom: 200,
      background: none,
    });
    expect(plan('c_lpad,f_png,w_2000,h_2000').steps).toEqual([
      { kind: 'pad', left: 500, right: 500, top: 700, bottom: 700, background: none },
    ]);
    // Offsets are in the picture's own pixels, or shares of it, here at half its size.
    for (const x of ['x_100', 'x_0.1']) {
      expect(plan(`c_pad,f_png,g_west,w_700,h_300,${x}`).steps).toEqual([
        resize(500, 300),
        { kind: 'pad', left: 50, right: 150, top: 0, bottom: 0, background: none },
      ]);
    }
    expect(plan('c_mpad,f_png,w_900,h_900').steps).toEqual([
      { kind: 'pad', left: 0, right: 0, top: 150, bottom: 150, background: none },
    ]);
  });

  it('a border goes around it, corners are rounded within, both times the density and never beyond half a side', () => {
    const black = { red: 0, green: 0, blue: 0, alpha: 255 };
    const step = plan('bo_4px_solid_black,dpr_2,f_png,r_10:0:4000:9');
    expect(step.steps).toMatchObject([
      { kind: 'pad', left: 8, right: 8, top: 8, bottom: 8, background: black },
      { kind: 'round', corners: [28, 0, 308, 26], border: { width: 8, colour: black }, opaque: false },
    ]);
    expect([step.width, step.height]).toEqual([1016, 616]);
    expect(plan('r_max,f_png').steps).toMatchObject([{ kind: 'round', corners: [300, 300, 300, 300], border: null }]);
    expect(plan('r_0,f_png').steps).toEqual([]);
    expect(plan('r_9,f_jpg').steps).toMatchObject([{ kind: 'round', background: { alpha: 255 }, opaque: true }]);
  });

  it('an angle other than quarters makes the canvas grow', () => {
    expect(plan('a_45,f_png,w_100')).toMatchObject({ width: 113, height: 113 });
  });

  it('a crop outside of the picture is over a limit', () => {
    expect(() => plan('c_crop,w_10,h_10,x_1000')).toThrow(Failure);
  });

  it('an answer above 8192 a side or above the most pixels is over a limit, nothing is clamped', () => {
    expect(() => plan('c_fit,w_8192,dpr_2')).toThrow(/8192|pixels/);
    expect(() => plan('c_scale,w_8000,h_8000')).toThrow('at most 40000000 pixels');
  });
});

describe('The orientation of a phone', () => {
  const phone = { orientation: 6, width: 600, height: 1000 };

  it('is settled after scaling, so that shrink-on-load works', () => {
    expect(plan('w_300', phone).steps).toEqual([
      resize(500, 300),
      { kind: 'turn', turn: { quarters: 1, mirror: false } },
    ]);
  });

  it('comes before every crop, whose rectangle is upright', () => {
    expect(plan('c_crop,w_300,h_200', phone).steps).toEqual([
      { kind: 'turn', turn: { quarters: 1, mirror: false } },
      crop(0, 0, 300, 200),
    ]);
  });

  it('is left out by a_ignore, and the box speaks of the sides as stored', () => {
    expect(plan('a_ignore,w_500', phone)).toMatchObject({ steps: [resize(500, 300)], width: 500, height: 300 });
  });

  it('adds up with a turn of the URL', () => {
    expect(plan('a_270,w_500', phone).steps).toEqual([resize(500, 300)]);
  });
});

describe('The focal point of an original', () => {
  it('is what g_custom cuts about, also after a crop and a turn', () => {
    expect(plan('c_fill,g_custom,w_300,h_300', {}, [0.9, 0.5]).steps[1]).toEqual(crop(200, 0, 300, 300));
    expect(plan('c_crop,h_600,w_500,x_500/c_fill,g_custom,h_300,w_100', {}, [0.9, 0.5]).steps.at(-1)).toEqual(
      crop(150, 0, 100, 300),
    );
    expect(plan('a_180,c_fill,g_custom,h_300,w_300', {}, [0.9, 0.5]).steps.at(-1)).toEqual(crop(0, 0, 300, 300));
  });

  it('is the middle where the original has none', () => {
    expect(plan('c_fill,g_custom,h_300,w_300').steps[1]).toEqual(crop(100, 0, 300, 300));
  });
});

describe('The format of an answer', () => {
  it.each([
    ['', { format: 'jpg' }, 'jpg'],
    ['', { format: 'gif', alpha: true }, 'gif'],
    ['', { format: 'tiff' }, 'jpg'],
    ['', { format: 'tiff', alpha: true }, 'png'],
    ['f_webp', {}, 'webp'],
    ['f_auto', {}, 'avif'],
  ] as const)('of "%s" from %o is %s', (words, facts, format) => {
    expect(plan(words, facts).format).toBe(format);
  });

  it('flattens transparency on white, or on the background that was named, only where it has no alpha', () => {
    const alpha = { alpha: true, format: 'png' } as const;
    expect(plan('f_jpg', alpha).steps).toEqual([
      { kind: 'flatten', background: { red: 255, green: 255, blue: 255, alpha: 255 } },
    ]);
    expect(plan('b_ff0000,f_jpg', alpha).steps).toEqual([
      { kind: 'flatten', background: { red: 255, green: 0, blue: 0, alpha: 255 } },
    ]);
    expect(plan('b_ff000080,f_jpg', alpha).steps).toEqual([
      { kind: 'flatten', background: { red: 255, green: 127, blue: 127, alpha: 255 } },
    ]);
    expect(plan('f_png', alpha).steps).toEqual([]);
  });

  it('forgets what cannot matter to it', () => {
    expect(plan('f_png,q_80')).toEqual(plan('f_png'));
    expect(plan('f_webp,q_80:444')).toEqual(plan('f_webp,q_80'));
    expect(plan('f_jpg,q_80')).toEqual(plan('f_jpg'));
  });
});

describe('One side that is asked for is exactly that side, whatever the other rounds to:', () => {
  it.each([
    [1000, 333, 'w_400', 400, 133],
    [5000, 7, 'w_999', 999, 1],
    [1, 1000, 'c_mfit,h_400', 1, 400],
    [1000, 333, 'c_mfit,dpr_0.5,w_10', 5, 2],
    [3, 1000, 'c_fit,h_400', 1, 400],
    [3, 1000, 'h_0.75', 2, 750],
    [1, 1000, 'c_fill,h_400', 1, 400],
    [1, 1000, 'c_pad,h_400', 1, 400],
    [1000, 333, 'c_lpad,w_400', 400, 133],
  ])('%i×%i under %s is %i… ×', (width, height, words, wide, high) => {
    expect(plan(words, { width, height })).toMatchObject({ width: wide, height: high });
  });
});

import { describe, expect, it } from 'vitest';
import { type Component, picture, srcset } from '../../../src/client/index.ts';

const known = { id: 'cat', width: 1200, height: 800 };

describe('The img of a picture', () => {
  it.each<readonly [of: string, transform: Component | readonly Component[], size: object]>([
    ['its widest answer', {}, { width: 1200, height: 800 }],
    ['a cut, as large as nothing has to be enlarged', { w: 300, h: 300, c: 'fill' }, { width: 800, height: 800 }],
    ['a ratio', { ar: '3:2' }, { width: 1200, height: 800 }],
    ['a ratio as a number', { ar: 2, w: 10 }, { width: 1200, height: 600 }],
    ['effects', { e: 'sepia' }, { width: 1200, height: 800 }],
    ['a box it may not fill', { w: 300, h: 300 }, {}],
    ['a turn', { a: 90 }, {}],
    ['a border', { bo: '4px_solid_black' }, {}],
    ['what is trimmed', { e: ['sepia', 'trim'] }, {}],
    ['a preset', { t: 'thumb' }, {}],
    ['a chain', [{ c: 'crop', w: 100, h: 100 }, { w: 50 }], {}],
  ])('says the size of %s, where it is known', (_, transform, size) => {
    const { width, height } = picture(known, transform).img;
    expect({ ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) }).toEqual(size);
  });

  it('says no size of what nobody knows', () => {
    expect(picture('cat').img).not.toHaveProperty('width');
  });

  it('is of middle size where srcset is not understood', () => {
    expect(picture('cat').img.src).toBe('/img/cat/f_webp,w_1280/cat.webp');
    expect(picture('cat', {}, { widths: [2000, 3000] }).img.src).toContain('w_2000');
  });
});

describe('The formats of a picture', () => {
  const formatsOf = (facts: object) => {
    const { sources, img } = picture({ id: 'cat', ...facts });
    return [...sources.map(({ type }) => type.replace('image/', '')), /\.(\w+)$/.exec(img.src)?.[1]];
  };
  it.each([
    [{}, ['avif', 'webp']],
    [{ alpha: true }, ['avif', 'webp', 'png']],
    [{ alpha: false }, ['avif', 'webp', 'jpg']],
    [{ alpha: false, pages: 3, format: 'gif' }, ['webp', 'gif']],
    [{ alpha: false, pages: 3, format: 'tiff' }, ['avif', 'webp', 'jpg']],
  ])('are, of one with %j, %j', (facts, expected) => expect(formatsOf(facts)).toEqual(expected));
});

describe('The widths of a srcset', () => {
  const widthsOf = (...[of, transform, options]: Parameters<typeof srcset>) =>
    srcset(of, transform, options)
      .split(', ')
      .map((one) => one.replace(/^\S*\bw_(\d+)\S* /, '$1 as '));

  it.each<readonly [sentence: string, widths: readonly string[], expected: readonly string[]]>([
    ['end with the source', widthsOf(known), ['320 as 320w', '640 as 640w', '960 as 960w', '1200 as 1200w']],
    ['are on the ladder that is given', widthsOf(known, {}, { widths: [2000, 500] }), ['500 as 500w']],
    ['say the truth of a rung beyond the source', widthsOf(known, {}, { widths: [2000, 3000] }), ['2000 as 1200w']],
    [
      'are counted in pixels of the device',
      widthsOf(known, { dpr: 2, w: 9 }, { widths: [100, 600, 700] }),
      ['100 as 200w', '600 as 1200w'],
    ],
  ])('%s', (_, widths, expected) => expect(widths).toEqual(expected));

  it.each([{ h: 300 }, { w: 0.5, h: 300 }, { w: '1.0', h: '1.0' }] as const)('are none for %j', (transform) => {
    expect(() => srcset('cat', transform)).toThrow(/^Expected w beside h, both in pixels/);
  });
});

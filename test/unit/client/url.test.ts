import { describe, expect, it } from 'vitest';
import { type Component, idOf, text, url } from '../../../src/client/index.ts';

const known = { id: 'cat', version: '1a2b3c4d5e6f', format: 'jpg', alpha: false, width: 1500, height: 1000 };

describe('A URL of the client', () => {
  it.each<readonly [sentence: string, printed: string, expected: string]>([
    [
      'has its words sorted and ends in a file name',
      url('cat', { w: 400, f: 'webp' }),
      '/img/cat/f_webp,w_400/cat.webp',
    ],
    ['may have no words at all', url('cat'), '/img/cat'],
    ['has no name behind f_auto', url('cat', { f: 'auto', w: 400 }), '/img/cat/f_auto,w_400'],
    ['asks for stored bytes with that word alone', url(known, { f: 'orig' }), '/img/cat/f_orig'],
    ['names what is known of its picture', url(known, { w: 400 }), '/img/cat/f_jpg,v_1a2b3c4d,w_400/cat.jpg'],
    ['leaves what is said', url(known, { f: 'avif', v: 'abcdef01' }), '/img/cat/f_avif,v_abcdef01/cat.avif'],
    ['leaves the format of a preset', url(known, { t: 'thumb' }), '/img/cat/thumb,v_1a2b3c4d'],
    ['joins presets', url('cat', { t: ['thumb', 'large'] }), '/img/cat/t_thumb.large'],
    ['says what others become', url({ id: 'a', format: 'tiff', alpha: true }), '/img/a/f_png/a.png'],
    ['says nothing of formats nobody knows', url({ id: 'a', format: 'tiff' }), '/img/a'],
    ['has each effect as a word', url('cat', { e: ['sepia:60', 'blur'] }), '/img/cat/e_blur,e_sepia:60'],
    ['joins flags', url('cat', { fl: ['lossy', 'attachment'] }), '/img/cat/fl_lossy.attachment'],
    ['leaves out what is undefined or empty', url('cat', [{ w: undefined, e: [], fl: [], h: 3 }, {}]), '/img/cat/h_3'],
    ['keeps the dot of a whole side', url('cat', { w: '1.0', h: 0.5 }), '/img/cat/h_0.5,w_1.0'],
    ['has four decimals at most', url('cat', { ar: 16 / 9 }), '/img/cat/ar_1.7778'],
    ['takes folders', url('a:b', { f: 'png' }), '/img/a:b/f_png/a%3Ab.png'],
    ['begins with a base', url('cat', {}, { base: 'https://img.example.com/' }), 'https://img.example.com/img/cat'],
    [
      'is signed without its base',
      url('cat', {}, { base: 'https://a.b', sign: (path) => `${path}!` }),
      'https://a.b/img/cat!',
    ],
    [
      'has commas of its own encoded',
      url('cat', { l: text({ font: 'A', size: 9, text: 'ä' }) }),
      '/img/cat/l_text:A_9:b64:w6Q',
    ],
    [
      'has no layer at its end that looks like a file',
      url('cat', [{ w: 9 }, { l: 'logo.png' }]),
      '/img/cat/w_9/g_center,l_logo.png',
    ],
  ])('%s', (_, printed, expected) => expect(printed).toBe(expected));

  it.each(['', 'a/b', 'ä', 'a b', '-a', 'a%20b', '../a', 'a?b', 'x'.repeat(201)])('is not made of the id %j', (id) => {
    expect(() => url(id)).toThrow(/^Expected an id of 1 to 200 characters/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is not made of the width %d', (w) => {
    expect(() => url('cat', { w })).toThrow(`Expected a finite number for w but received ${w}`);
  });

  it('is made of components without changing them', () => {
    const component: Component = Object.freeze({ w: 400, e: Object.freeze(['sepia'] as const) });
    expect(url(Object.freeze(known), Object.freeze([component]))).toContain('e_sepia');
  });
});

describe('What a page calls a picture', () => {
  const base = 'https://img.example.com';
  it.each([
    ['cat', 'cat'],
    ['/cat', 'cat'],
    ['products:2024:shoe', 'products:2024:shoe'],
    ['/products:2024:shoe', 'products:2024:shoe'],
    ['/products/2024/shoe.jpg', 'products:2024:shoe.jpg'],
    ['Ünïcode/a b.png', 'path~w5xuw69jb2RlL2EgYi5wbmc'],
    [`${base}/img/cat`, 'cat'],
    [`${base}/img/shoes%2Fred.jpg/w_400`, 'shoes:red.jpg'],
    [`${base}/img/Mein%20Bild.jpg`, 'path~TWVpbiBCaWxkLmpwZw'],
    [`${base}/img/a:b/v_1a2b3c4d/w_400/a%3Ab.webp?x#y`, 'a:b'],
  ])('%s is the id %s', (source, id) => expect(idOf(source, { base })).toBe(id));

  it.each([
    'https://elsewhere.example/cat.jpg',
    '//elsewhere.example/cat.jpg',
    'data:image/png;base64,AAAA',
    '',
    '/',
    `/${'x'.repeat(300)}`,
  ])('%s is none of ours', (source) =>
    expect(() => idOf(source, { base })).toThrow(/^Expected an id, a path or a URL behind https:/),
  );
});

import { describe, expect, it } from 'vitest';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../src/transform/image-path.ts';
import { builtInPresets, readPresets } from '../../../src/transform/presets.ts';
import { respell } from '../../../src/transform/respell.ts';

const presets = readPresets({ ...builtInPresets, big: 'c_fill,dpr_2,g_auto,h_400' });

function respelled(path: string): string {
  const split = splitImagePath(path, '/img/');
  return respell(split, parseTransform(split, presets), presets);
}

describe('The canonical path', () => {
  it.each([
    ['/img/cat', '/img/cat'],
    ['/img/cat/c_limit', '/img/cat'],
    ['/img/cat/w_400,f_webp', '/img/cat/f_webp,w_400'],
    ['/img/cat/w_400%2Cf_webp', '/img/cat/f_webp,w_400'],
    ['/img/cat/f_jpeg', '/img/cat/f_jpg'],
    ['/img/cat/w_400/My%20Cat.webp', '/img/cat/f_webp,w_400/My%20Cat.webp'],
    ['/img/cat/cat.WEBP', '/img/cat/f_webp/cat.WEBP'],
    ['/img/cat/w_400,f_auto/cat.jpg', '/img/cat/f_auto,w_400/cat.jpg'],
    ['/img/cat/c_auto,w_9,h_9/dpr_1,w_5', '/img/cat/c_fill,g_auto,h_9,w_9/w_5'],
  ])('of %s is %s', (path, canonical) => {
    expect(respelled(path)).toBe(canonical);
    expect(respelled(canonical)).toBe(canonical);
  });

  it.each([
    ['/img/cat/thumb', '/img/cat/thumb'],
    ['/img/cat/t_thumb', '/img/cat/thumb'],
    ['/img/cat/t_thumb.large', '/img/cat/t_thumb.large'],
    ['/img/cat/w_100,thumb', '/img/cat/thumb,w_100'],
    ['/img/cat/w_100,thumb/cat.webp', '/img/cat/thumb,w_100/cat.webp'],
    ['/img/cat/dpr_1,big,w_100', '/img/cat/dpr_1,big,w_100'],
    ['/img/cat/big,dpr_1.0/f_jpeg', '/img/cat/dpr_1.0,big/f_jpg'],
  ])('keeps presets, and beside them words that take something back: %s is %s', (path, canonical) => {
    expect(respelled(path)).toBe(canonical);
    expect(respelled(canonical)).toBe(canonical);
  });
});

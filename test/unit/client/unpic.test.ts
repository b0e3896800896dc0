import { transformBaseImageProps } from '@unpic/core/base';
import type { URLTransformer } from 'unpic';
import { describe, expect, it } from 'vitest';
import { transform, type UnpicOperations } from '../../../src/client/unpic.ts';

const options = { base: 'https://img.example.com' };

/** The shape is unpic's own. */
const shaped: (...asked: Parameters<URLTransformer<'ipx'>>) => string = (src, operations) =>
  transform(src, { width: Number(operations.width) });

describe("unpic's base components", () => {
  it('are given a transformer of their shape', () => {
    expect(shaped('cat', { width: 400 })).toBe('/img/cat/f_webp,w_400/cat.webp');
  });

  it('print our URLs, one for each width', () => {
    // The components pass on whatever else stands there.
    const operations = { quality: 70, g: 'auto' } satisfies UnpicOperations;
    const props = transformBaseImageProps({
      src: '/products/shoe.jpg',
      width: 800,
      height: 600,
      layout: 'constrained',
      transformer: transform,
      operations,
      options,
    });
    expect(props.src).toBe(
      'https://img.example.com/img/products:shoe.jpg/c_fill,f_webp,g_auto,h_600,q_70,w_800/products%3Ashoe.jpg.webp',
    );
    const offered = String(props.srcset).split(',\n');
    expect(offered.length).toBeGreaterThan(3);
    for (const one of offered) {
      const [, h, w, descriptor] = /\/c_fill,f_webp,g_auto,h_(\d+),q_70,w_(\d+)\/\S+ (\d+)w$/.exec(one) ?? [];
      expect(descriptor).toBe(w);
      expect(Math.round((Number(w) * 3) / 4)).toBe(Number(h));
    }
  });

  it('lay a small picture behind a large one', () => {
    const props = transformBaseImageProps({
      src: 'cat',
      width: 800,
      height: 400,
      background: 'auto',
      transformer: transform,
      options,
    });
    expect(JSON.stringify(props.style)).toContain('https://img.example.com/img/cat/c_fill,f_webp,h_12,w_24/cat.webp');
  });

  it.each([
    [{ width: '400', height: '' }, 'f_webp,w_400/cat.webp'],
    [{ width: 33.4, height: 0.2 }, 'c_fill,f_webp,h_1,w_33/cat.webp'],
    [{ width: 4, height: 4, c: 'pad' as const, format: 'jpeg' as const }, 'c_pad,f_jpg,h_4,w_4/cat.jpg'],
    [{ quality: 'auto:eco', format: 'avif' as const }, 'f_avif,q_auto:eco/cat.avif'],
    [{ f: 'png' as const, w: 0.5 }, 'f_png,w_0.5/cat.png'],
    [{ format: 'auto' as const }, 'f_auto'],
  ])('may ask for %j', (operations, expected) => expect(transform('cat', operations)).toBe(`/img/cat/${expected}`));

  it('may call a picture by its URL', () => {
    expect(transform(new URL('https://img.example.com/img/cat/w_9'), { width: 4 }, options)).toContain(
      '/img/cat/f_webp,w_4/',
    );
    expect(() => transform('https://elsewhere.example/cat', {}, options)).toThrow(RangeError);
  });
});

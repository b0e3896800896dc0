import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { autoPath, type CdnSettings, naming } from '../../../src/cdn/cdn.ts';
import { cloudFrontFunction } from '../../../src/cdn/cloudfront.ts';
import { cdnFiles } from '../../../src/cdn/index.ts';
import { bucketOf } from '../../../src/transform/negotiate.ts';

const settings: CdnSettings = {
  origin: { secure: true, host: 'images.example.com', port: 8443 },
  others: [],
  autoPresets: ['hero', 'hero-2'],
  edge: 3600,
  negative: 30,
  timeout: 16,
  largestUpload: 1000,
};

const accepts = [
  '',
  '*/*',
  'image/*',
  'image/avif',
  'image/webp',
  'IMAGE/WebP',
  'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
  'image/webp;q=0.9, image/avif;q=0.001',
  'image/avif;q=0,image/webp',
  'image/avif;q=0.000 , image/webp;level=1;q=0.5',
  'image/avif;q=0,image/webp;q=0.0,image/png',
  'image/avif;q=2',
  'image/avif;q=',
  'image/avif; q=1.000',
  'image/avif;q=1.0;ext=1',
  'image/avifx,image/webp2',
  'ximage/avif',
  'image/avif-sequence',
  ',,image/webp,,',
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
];

describe('Accept as CDNs fold it', () => {
  const names = (type: string, accept: string) => new RegExp(naming(type), 'i').test(accept);
  it.each(accepts)('%j falls into our bucket', (accept) => {
    const folded = names('image/avif', accept) ? 'avif' : names('image/webp', accept) ? 'webp' : 'base';
    expect(folded).toBe(bucketOf(accept));
  });
});

describe('Paths that vary', () => {
  const varies = (path: string) => new RegExp(autoPath(settings)).test(path);
  it.each([
    '/img/cat/f_auto',
    '/img/cat/f_auto,w_9/cat.jpg',
    '/img/cat/w_9,f_auto',
    '/img/cat/hero',
    '/img/cat/hero-2,w_9',
    '/img/cat/t_thumb.hero',
    '/img/cat/t_hero.thumb,w_1',
    '/img/cat/%66_auto',
  ])('%s', (path) => expect(varies(path)).toBe(true));
  it.each(['/img/cat/w_9', '/img/cat/f_avif/hero.jpg', '/img/f_auto-cat/w_9', '/img/cat/heroes', '/img/cat/t_thumb'])(
    '%s is none of them',
    (path) => expect(varies(path)).toBe(false),
  );
});

describe("CloudFront's function", () => {
  const run = (uri: string, accept?: string): string | undefined => {
    const headers = accept === undefined ? {} : { accept: { value: accept } };
    const request = runInNewContext(`${cloudFrontFunction(settings)}; handler(event)`, {
      event: { request: { uri, headers } },
    });
    return request.headers.accept?.value;
  };
  it.each(accepts)('folds %j where the answer varies', (accept) => {
    const bucket = bucketOf(accept);
    expect(run('/img/cat/f_auto', accept)).toBe(bucket === 'base' ? undefined : `image/${bucket}`);
  });
  it('takes Accept away where it does not', () => {
    expect(run('/img/cat/w_9', 'image/avif')).toBeUndefined();
    expect(run('/img/cat/f_auto')).toBeUndefined();
  });
});

describe('Files for CDNs', () => {
  it.each(Object.keys(cdnFiles))('%s: says where the origin is, and no secret or undefined', (name) => {
    const file = cdnFiles[name]?.(settings) ?? '';
    if (name !== 'cloudflare') expect(file).toContain('images.example.com');
    expect(file).not.toMatch(/undefined|\[object|NaN/);
  });
  it.each(['cloudfront', 'cloudflare'])('%s: is JSON', (name) => {
    expect(() => JSON.parse(cdnFiles[name]?.(settings) ?? '')).not.toThrow();
  });
});

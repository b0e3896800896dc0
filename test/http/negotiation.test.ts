import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { drawPhoto, fixturePath } from '../support/photo.ts';
import { header, type Running, startTintype, withToken } from '../support/tintype.ts';

const accepts = {
  chrome: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
  chrome156: 'image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
  firefox: 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5',
  safari:
    'image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5',
  safari15: 'image/webp,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5',
  curl: '*/*',
  curious: 'image/*',
  reluctant: 'image/webp;q=0.9, IMAGE/AVIF;q=0.001, */*;q=0',
  picky: 'image/avif;q=0, image/webp, */*',
  refusing: 'image/avif;q=0,image/webp;q=0.0,*/*',
  garbage: ',,;;q=,image/avifx=',
  unweighted: 'image/avif;q=much,image/webp;q=-1',
  endless: `${'image/x,'.repeat(200)}image/avif`,
  silent: '',
} as const;

let server: Running;

async function start(environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const running = await startTintype(environment);
  const photo = new Uint8Array(await drawPhoto(900, 600, { quality: 92, seed: 7 }));
  await running.put('photo', photo);
  await running.put('logo', new Uint8Array(readFileSync(fixturePath('alpha.png'))));
  return running;
}

beforeAll(async () => {
  server = await start();
});
afterAll(() => server.close());

async function fresh(environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const running = await start(environment);
  onTestFinished(() => running.close());
  return running;
}

describe('Under f_auto', () => {
  it.each([
    ['chrome', 'image/avif'],
    ['chrome156', 'image/avif'],
    ['firefox', 'image/avif'],
    ['safari', 'image/avif'],
    ['safari15', 'image/webp'],
    ['curl', 'image/jpeg'],
    ['curious', 'image/jpeg'],
    ['reluctant', 'image/avif'],
    ['picky', 'image/webp'],
    ['refusing', 'image/jpeg'],
    ['garbage', 'image/jpeg'],
    ['unweighted', 'image/jpeg'],
    ['endless', 'image/jpeg'],
    ['silent', 'image/jpeg'],
  ] as const)('what %s sends gets %s, with Vary, and says so in its bytes', async (client, mediaType) => {
    const response = await server.get('/img/photo/f_auto,w_400', { accept: accepts[client] });
    expect(response.status).toBe(200);
    expect(header(response, 'content-type')).toBe(mediaType);
    expect(header(response, 'vary')).toBe('Accept');
    const read = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect(read.mediaType).toBe(mediaType);
  });

  it('a client that says nothing gets what everybody takes', async () => {
    const response = await server.get('/img/photo/f_auto,w_400');
    expect([header(response, 'content-type'), header(response, 'vary')]).toEqual(['image/jpeg', 'Accept']);
    expect(header(await server.get('/img/logo/f_auto,w_40'), 'content-type')).toBe('image/png');
  });

  it('each format has an entity tag of its own, and it is the one of the explicit URL', async () => {
    const tags = await Promise.all(
      [accepts.chrome, accepts.safari15, accepts.curl].map(async (accept) =>
        header(await server.get('/img/photo/f_auto,w_400', { accept }), 'etag'),
      ),
    );
    expect(new Set(tags).size).toBe(3);
    const explicit = await server.get('/img/photo/f_avif,w_400');
    expect(header(explicit, 'etag')).toBe(tags[0]);
    expect(header(explicit, 'vary')).toBe('');
    expect(header(explicit, 'cache-status')).toContain('hit');
  });

  it('what one client holds is fresh for its like and stale for others', async () => {
    const ask = (accept: string, tag = '') =>
      server.get('/img/photo/f_auto,w_400', { accept, ...(tag === '' ? {} : { 'if-none-match': tag }) });
    const held = header(await ask(accepts.chrome), 'etag');
    const fresh = await ask(accepts.safari, held);
    expect([fresh.status, header(fresh, 'vary'), header(fresh, 'etag')]).toEqual([304, 'Accept', held]);
    const stale = await ask(accepts.curl, held);
    expect([stale.status, header(stale, 'content-type')]).toEqual([200, 'image/jpeg']);
    const lengths = await Promise.all(
      [accepts.chrome, accepts.safari15, accepts.curl].map(async (accept) =>
        Number(header(await ask(accept), 'content-length')),
      ),
    );
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  });

  it('nobody gets a larger file than the plainer format', async () => {
    const running = await fresh();
    // Noise in few colours: what a palette and LZ77 do to it, no transform codec does.
    const pixels = Buffer.alloc(64 * 64 * 4, 255);
    for (let at = 0; at < pixels.length; at += 4) pixels.fill((at * 7919) % 97 < 48 ? 0 : 255, at, at + 3);
    pixels[3] = 0;
    const noise = await sharp(pixels, { raw: { width: 64, height: 64, channels: 4 } })
      .png()
      .toBuffer();
    await running.put('noise', new Uint8Array(noise));
    const lengths = await Promise.all(
      [accepts.chrome, accepts.safari15, accepts.curl].map(async (accept) => {
        const response = await running.get('/img/noise/f_auto', { accept });
        return [header(response, 'content-type'), Number(header(response, 'content-length'))] as const;
      }),
    );
    const png = Number(header(await running.get('/img/noise/f_png'), 'content-length'));
    expect(Math.max(...lengths.map(([, length]) => length))).toBe(png);
    expect(lengths[0]?.[0]).toBe('image/png');
  });

  it('a URL that cannot be answered varies, too', async () => {
    for (const path of ['/img/nobody/f_auto', '/img/photo/f_auto,c_scale,h_8192,w_8192', '/img/photo/f_auto,w_0']) {
      const response = await server.get(path, { accept: accepts.chrome });
      expect([path, response.status >= 400, header(response, 'vary')]).toEqual([path, true, 'Accept']);
    }
  });

  it('a picture too large to be an AVIF in time is a WebP', async () => {
    const running = await fresh();
    const flat = await sharp({ create: { width: 2400, height: 1700, channels: 3, background: '#446' } })
      .jpeg()
      .toBuffer();
    await running.put('large', new Uint8Array(flat));
    const response = await running.get('/img/large/f_auto', { accept: accepts.chrome });
    expect(header(response, 'content-type')).toMatch('image/webp');
  });
});

describe('A format that nobody knows yet', () => {
  it('costs one decode, and from then on one encoding for every size like it', async () => {
    const running = await fresh();
    const first = await running.get('/img/photo/f_auto,w_400', { accept: accepts.chrome });
    expect(header(first, 'cache-status')).toContain('fwd=miss');
    // The loser was kept.
    expect(header(await running.get('/img/photo/f_jpg,w_400'), 'cache-status')).toContain('hit');
    const second = await running.get('/img/photo/f_auto,w_401', { accept: accepts.chrome });
    expect(header(second, 'content-type')).toBe('image/avif');
    expect(header(await running.get('/img/photo/f_jpg,w_401'), 'cache-status')).toContain('fwd=miss');
  });

  it('is no work for HEAD, which has no entity tag to tell', async () => {
    const running = await fresh();
    const head = await running.send('HEAD', '/img/photo/f_auto,w_300', { headers: { accept: accepts.chrome } });
    expect([head.status, head.headers.get('etag'), head.headers.get('vary')]).toEqual([200, null, 'Accept']);
    expect(head.headers.get('content-length')).toBeNull();
    expect(header(await running.get('/img/photo/f_avif,w_300'), 'cache-status')).toContain('fwd=miss');
  });

  it('is no work for who holds one of its formats, and is told without an entity tag', async () => {
    const running = await fresh();
    const etag = header(await running.send('HEAD', '/img/photo/f_avif,w_300'), 'etag');
    const ask = (tag: string) =>
      running.get('/img/photo/f_auto,w_300', { accept: accepts.chrome, 'if-none-match': tag });
    const held = await ask(etag);
    expect([held.status, held.headers.get('etag'), held.headers.get('vary')]).toEqual([304, null, 'Accept']);
    expect((await ask('"something else"')).status).toBe(200);
    const known = await ask(etag);
    expect([known.status, known.headers.get('etag')]).toEqual([304, etag]);
  });

  it('is found out once by however many ask, and remembered over a restart, for good', async () => {
    let running = await start();
    const ask = () => running.get('/img/photo/f_auto,w_500', { accept: accepts.chrome });
    const all = await Promise.all(Array.from({ length: 8 }, ask));
    expect(new Set(all.map((response) => header(response, 'etag'))).size).toBe(1);
    running = await running.restart();
    onTestFinished(() => running.close());
    const head = await running.send('HEAD', '/img/photo/f_auto,w_500', { headers: { accept: accepts.chrome } });
    expect(header(head, 'etag')).toBe(header(all[0] ?? head, 'etag'));
  });

  it('is found out anew once the picture is purged', async () => {
    const running = await fresh();
    await running.get('/img/photo/f_auto,w_300', { accept: accepts.chrome });
    await running.send('POST', '/purge', { headers: withToken, body: '{"ids":["photo"]}' });
    const head = await running.send('HEAD', '/img/photo/f_auto,w_300', { headers: { accept: accepts.chrome } });
    expect(head.headers.get('etag')).toBeNull();
  });
});

describe('TINTYPE_AUTO=redirect', () => {
  it('sends everybody on to the URL of the format that won, which does not vary', async () => {
    const running = await fresh({ TINTYPE_AUTO: 'redirect' });
    const ask = (accept: string) => running.get('/img/photo/f_auto,w_400/photo.jpg', { accept });
    const avif = await ask(accepts.chrome);
    expect(avif.status).toBe(302);
    expect(header(avif, 'location')).toBe('/img/photo/f_avif,w_400/photo.avif');
    expect(header(avif, 'vary')).toBe('Accept');
    expect(header(avif, 'cache-control')).toBe('public, max-age=300');
    expect(avif.headers.get('etag')).toBeNull();
    expect(header(await ask(accepts.curl), 'location')).toBe('/img/photo/f_jpg,w_400/photo.jpg');
    const picture = await running.get(header(avif, 'location'));
    expect([picture.status, header(picture, 'content-type'), header(picture, 'vary')]).toEqual([200, 'image/avif', '']);
    expect(header(picture, 'cache-status')).toContain('hit');
  });
});

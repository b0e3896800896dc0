import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { header, middle, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;
let red: Uint8Array<ArrayBuffer>;
let blue: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  server = await startTintype({ TINTYPE_MAX_BYTES: '1MB' });
  [red, blue] = await Promise.all([solid('#ff0000'), solid('#0000ff')]);
});
afterAll(() => server.close());

const sha256 = (bytes: Uint8Array, encoding: 'hex' | 'base64') => createHash('sha256').update(bytes).digest(encoding);

describe('An original whose path has slashes, spaces or letters of any script', () => {
  it.each([
    ['/originals/shoes/red.png', 'shoes:red.png', '/img/shoes/red.png/w_9'],
    ['/originals/hats%2Fred.png', 'hats:red.png', '/img/hats%2Fred.png/w_9'],
    [
      '/originals/Mein%20Bild.png',
      `path~${Buffer.from('Mein Bild.png').toString('base64url')}`,
      '/img/Mein%20Bild.png/w_9',
    ],
    [
      '/originals/foto/%E7%8C%AB.png',
      `path~${Buffer.from('foto/猫.png').toString('base64url')}`,
      '/img/foto/%E7%8C%AB.png/w_9',
    ],
  ])('PUT %s stores %s', async (path, id, image) => {
    const stored = await server.send('PUT', path, { body: red, headers: withToken });
    const named = id.startsWith('path~') ? { path: decodeURIComponent(path.slice('/originals/'.length)) } : {};
    expect([stored.status, header(stored, 'location')]).toEqual([201, `/originals/${id}`]);
    expect(await stored.json()).toMatchObject({ id, ...named, url: `/img/${id}` });
    const seen = await server.get(image);
    expect([seen.status, header(seen, 'cache-tag')]).toEqual([200, `img:${id}`]);
    expect((await server.get(`${path}/info`, withToken)).status).toBe(200);
    expect(header(await server.get(`${path}/variants/thumb`), 'location')).toContain(`/img/${id}/thumb`);
    expect((await server.get(image.replace('/img/', '/info/'))).status).toBe(200);
    expect((await server.send('DELETE', path, { headers: withToken })).status).toBe(204);
    expect((await server.get(image)).status).toBe(404);
  });

  it.each([
    ['/originals/a/info', 'this id with : instead of slashes, here a:info'],
    ['/originals/a/b/variants/c', 'this id with : instead of slashes, here a:b:variants:c'],
    ['/originals/a//b.png', 'without empty or hidden names'],
    ['/originals/a/', 'without empty or hidden names'],
    ['/originals/a/.b.png', 'without empty or hidden names'],
    ['/originals/a/%2e%2e/b.png', 'without empty or hidden names'],
    ['/originals/a%5Cb.png', 'without empty or hidden names'],
  ])('PUT %s is a 400 that says %s', async (path, sentence) => {
    const answer = await server.send('PUT', path, { body: red, headers: withToken });
    expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining(sentence) });
    expect((await server.send('PUT', path, { body: red })).status).toBe(401);
  });
});

describe('PUT /originals/:id', () => {
  it('stores a picture and tells what it is', async () => {
    const answer = await server.put('red', red);
    expect(answer.status).toBe(201);
    expect(header(answer, 'location')).toBe('/originals/red');
    expect(header(answer, 'etag')).toBe(`"${sha256(red, 'hex')}"`);
    expect(await answer.json()).toMatchObject({
      id: 'red',
      version: sha256(red, 'hex'),
      bytes: red.byteLength,
      mediaType: 'image/png',
      format: 'png',
      width: 64,
      height: 48,
      alpha: false,
      pages: 1,
      tags: [],
      focalPoint: null,
      url: '/img/red',
      versionedUrl: `/img/red/v_${sha256(red, 'hex').slice(0, 8)}/red.png`,
      variants: [],
    });
  });

  it('with the same bytes changes nothing, with others replaces them', async () => {
    const info = async () => (await server.get('/originals/same/info', withToken)).json();
    await server.put('same', red);
    const before = await info();
    expect((await server.put('same', red)).status).toBe(200);
    expect(await info()).toEqual(before);
    expect((await server.put('same', blue)).status).toBe(200);
    expect(await middle(await server.get('/img/same/f_png'))).toBe('#0000ff');
  });

  it('keeps tags and focal point, and shows the tags to CDNs', async () => {
    const answer = await server.send('PUT', '/originals/tagged?tags=spring,shoe.1&focal=0.25,0.75', {
      body: red,
      headers: withToken,
    });
    expect(await answer.json()).toMatchObject({ tags: ['spring', 'shoe.1'], focalPoint: [0.25, 0.75] });
    expect(header(await server.get('/img/tagged/w_9'), 'cache-tag')).toBe('img:tagged,spring,shoe.1');
  });

  it('serves the versioned URL it told for a year', async () => {
    const { versionedUrl } = (await (await server.put('versioned', red)).json()) as { versionedUrl: string };
    const answer = await server.get(versionedUrl);
    expect([answer.status, header(answer, 'cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it.each([
    ['If-None-Match: * and the id is free', 'free-1', { 'if-none-match': '*' }, 201],
    ['If-None-Match: * and the id is taken', 'red', { 'if-none-match': '*' }, 412],
    ['If-Match of what is stored', 'red', () => ({ 'if-match': `"${sha256(red, 'hex')}"` }), 200],
    ['If-Match: * and something is stored', 'red', { 'if-match': '*' }, 200],
    ['If-Match of something else', 'red', { 'if-match': '"other"' }, 412],
    ['If-Match: * and nothing is stored', 'free-2', { 'if-match': '*' }, 412],
    ['If-None-Match with a tag', 'red', { 'if-none-match': '"x"' }, 400],
  ])('with %s', async (_what, id, headers, status) => {
    expect((await server.put(id, red, typeof headers === 'function' ? headers() : headers)).status).toBe(status);
  });

  it.each([
    ['its own digest', () => `sha-256=:${sha256(red, 'base64')}:`, 201],
    ['its own digest among unknown ones', () => `md4=:AA==:, sha-256=:${sha256(red, 'base64')}:`, 201],
    ['another digest', () => `sha-256=:${sha256(blue, 'base64')}:`, 400],
    ['a digest that is none', () => 'sha-256=abc', 400],
  ])('with %s as Content-Digest (RFC 9530)', async (_what, digest, status) => {
    const id = `digest-${Math.random().toString(36).slice(2)}`;
    expect((await server.put(id, red, { 'content-digest': digest() })).status).toBe(status);
    expect((await server.get(`/img/${id}/w_9`)).status).toBe(status === 201 ? 200 : 404);
  });

  it('of something that is no image, damaged or too big is refused, and nothing of it stays', async () => {
    const { store } = server.tintype;
    const before = (await store.list('o/', { limit: 1000 })).entries.length;
    const text = new TextEncoder().encode('I am a text file');
    const cut = (await solid('#123456', 500, 400, 'jpeg')).subarray(0, 1200);
    const cases = [
      [text, {}, 415, 'not-an-image'],
      [new Uint8Array(), {}, 415, 'not-an-image'],
      [cut, {}, 422, 'refused-image'],
      [new Uint8Array(1024 * 1024 + 1), {}, 413, 'too-big'],
      [red, { 'content-length': '99999999999' }, 413, 'too-big'],
      [red, { 'content-encoding': 'gzip' }, 415, 'not-an-image'],
      [red, { 'content-range': 'bytes 0-9/100' }, 400, 'bad-request'],
    ] as const;
    for (const [body, headers, status, code] of cases) {
      const answer = await server.put('bad.jpg', new Uint8Array(body), headers);
      expect([answer.status, await answer.json()]).toMatchObject([status, { code, status }]);
    }
    expect((await store.list('o/', { limit: 1000 })).entries.length).toBe(before);
    expect((await server.get('/originals/bad.jpg', withToken)).status).toBe(404);
  });

  it('by many at once leaves one whole picture', async () => {
    const pictures = await Promise.all(['#110000', '#220000', '#330000', '#440000'].map((colour) => solid(colour)));
    const answers = await Promise.all(pictures.map((picture) => server.put('raced', picture)));
    expect(answers.every((answer) => answer.status === 200 || answer.status === 201)).toBe(true);
    const stored = new Uint8Array(await (await server.get('/originals/raced', withToken)).arrayBuffer());
    expect(pictures.some((picture) => Buffer.from(picture).equals(stored))).toBe(true);
    const { entries } = await server.tintype.store.list('o/raced/', { limit: 10 });
    expect(entries.map(({ key }) => key).some((key) => key.endsWith('current.json'))).toBe(true);
  });

  it('with a query word nobody knows, bad tags or a bad focal point is refused', async () => {
    for (const query of [
      'tag=a',
      'tags=a,b c',
      `tags=${Array.from({ length: 17 }, (_, n) => n).join(',')}`,
      'focal=1',
      'focal=0.5,1.1',
      'focal=a,b',
    ]) {
      expect((await server.send('PUT', `/originals/q?${query}`, { body: red, headers: withToken })).status, query).toBe(
        400,
      );
    }
  });
});

describe('GET /originals/:id', () => {
  it('gives the very bytes back, with a strong tag and their digest', async () => {
    const answer = await server.get('/originals/red', withToken);
    expect(Buffer.from(await answer.arrayBuffer()).equals(red)).toBe(true);
    expect(header(answer, 'content-digest')).toBe(`sha-256=:${sha256(red, 'base64')}:`);
    expect(header(answer, 'content-length')).toBe(String(red.byteLength));
    expect((await server.get('/originals/red', { ...withToken, 'if-none-match': header(answer, 'etag') })).status).toBe(
      304,
    );
  });

  it.each([
    ['bytes=0-9', 206, 'bytes 0-9/N', [0, 10]],
    ['bytes=10-', 206, 'bytes 10-LAST/N', [10]],
    ['bytes=-5', 206, 'bytes FIVE-LAST/N', [-5]],
    ['bytes=0-99999999', 206, 'bytes 0-LAST/N', [0]],
    ['bytes=9-3', 200, '', [0]],
    ['bytes=0-1,4-5', 200, '', [0]],
    ['items=0-1', 200, '', [0]],
    ['bytes=99999999-', 416, 'bytes */N', null],
    ['bytes=-0', 416, 'bytes */N', null],
  ] as const)('with Range %s (RFC 9110 §14.2) answers %i', async (range, status, contentRange, slice) => {
    const answer = await server.get('/originals/red', { ...withToken, range });
    expect(answer.status).toBe(status);
    const told = contentRange
      .replace('N', String(red.byteLength))
      .replace('LAST', String(red.byteLength - 1))
      .replace('FIVE', String(red.byteLength - 5));
    expect(header(answer, 'content-range')).toBe(told);
    if (slice !== null)
      expect(Buffer.from(await answer.arrayBuffer()).equals(red.slice(slice[0], slice[1]))).toBe(true);
  });

  it('ignores a Range whose If-Range is not what is stored (§13.1.5)', async () => {
    expect(
      (await server.get('/originals/red', { ...withToken, range: 'bytes=0-1', 'if-range': '"other"' })).status,
    ).toBe(200);
    const etag = `"${sha256(red, 'hex')}"`;
    expect((await server.get('/originals/red', { ...withToken, range: 'bytes=0-1', 'if-range': etag })).status).toBe(
      206,
    );
    expect(
      (await server.get('/originals/red', { ...withToken, range: 'bytes=0-1', 'if-range': `W/${etag}` })).status,
    ).toBe(200);
  });
});

describe('GET /originals/:id/info', () => {
  it('lists what is stored of it, from names alone', async () => {
    await server.get('/img/red/w_20,f_webp');
    server = await server.restart();
    const info = (await (await server.get('/originals/red/info', withToken)).json()) as { variants: unknown[] };
    expect(info.variants).toMatchObject([{ width: 20, height: 15, mediaType: 'image/webp', error: null }]);
  });
});

describe('DELETE /originals/:id', () => {
  it('takes the original, what was made from it and every trace away', async () => {
    await server.put('gone', red);
    await server.get('/img/gone/w_20,f_webp');
    server = await server.restart();
    expect((await server.send('DELETE', '/originals/gone', { headers: withToken })).status).toBe(204);
    expect((await server.get('/img/gone/w_20,f_webp')).status).toBe(404);
    expect((await server.send('DELETE', '/originals/gone', { headers: withToken })).status).toBe(404);
    const left = await server.tintype.store.list('', { limit: 1000 });
    expect(left.entries.filter(({ key }) => key.includes('gone'))).toEqual([]);
  });

  it('honours If-Match', async () => {
    await server.put('kept', red);
    expect(
      (await server.send('DELETE', '/originals/kept', { headers: { ...withToken, 'if-match': '"x"' } })).status,
    ).toBe(412);
    expect((await server.get('/img/kept')).status).toBe(200);
  });
});

describe('Uploads under way', () => {
  it('leave nothing behind, whatever became of them', async () => {
    const folder = server.tintype.store.name.replace(/^file:/, '');
    // What was answered last may still be being saved.
    await vi.waitFor(async () => expect(await readdir(`${folder}/tmp`)).toEqual([]));
  });
});

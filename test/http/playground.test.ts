import { readdir } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frontPageOf } from '../../src/config/front-page.ts';
import { header, type Running, startTintype } from '../support/tintype.ts';

describe('The playground', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startTintype({ TINTYPE_PRESETS: '{"tiny":"w_10"}' });
  });
  afterAll(() => server.close());

  it('serves every file of the page, and nothing beside it', async () => {
    const files = await readdir(new URL('../../src/web/', import.meta.url));
    const types: Readonly<Record<string, string>> = {
      html: 'text/html',
      css: 'text/css',
      js: 'text/javascript',
      svg: 'image/svg+xml',
    };
    for (const file of files) {
      const answer = await server.get(`/playground/${file}`);
      expect([file, answer.status, header(answer, 'content-type').split(';')[0]]).toEqual([
        file,
        200,
        types[file.split('.')[1] ?? ''],
      ]);
    }
    for (const path of [
      '/playground/',
      '/playground/..%2fmain.js',
      '/playground/main.ts',
      '/playground/toString',
      '/playground/../http/openapi.ts',
    ]) {
      expect([path, (await server.get(path)).status]).toEqual([path, 404]);
    }
  });

  it('lets nothing run or load that is not its own', async () => {
    const answer = await server.get('/');
    const policy = header(answer, 'content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const html = await answer.text();
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|https?:\/\//);
  });

  it('is packed for who takes gzip, and revalidated by one tag however it is packed', async () => {
    const plain = await server.get('/');
    const packed = await server.get('/', { 'accept-encoding': 'br, gzip' });
    const refused = await server.get('/', { 'accept-encoding': 'gzip;q=0, br' });
    expect([plain, packed, refused].map((answer) => header(answer, 'content-encoding'))).toEqual(['', 'gzip', '']);
    expect([plain, packed].map((answer) => header(answer, 'vary'))).toEqual(['Accept-Encoding', 'Accept-Encoding']);
    const bytes = Buffer.from(await packed.arrayBuffer());
    expect(header(packed, 'content-length')).toBe(String(bytes.byteLength));
    expect(gunzipSync(bytes).toString()).toBe(await plain.text());
    const etag = header(packed, 'etag');
    expect(etag).toBe(header(plain, 'etag'));
    expect((await server.get('/', { 'if-none-match': etag })).status).toBe(304);
  });

  it('makes its controls from the presets of this server and from the catalogue', async () => {
    const catalogue = (await (await server.get('/playground/catalogue.json')).json()) as Readonly<
      Record<string, unknown>
    >;
    const document = (await (await server.get('/openapi.json')).json()) as Readonly<Record<string, unknown>>;
    expect(catalogue['readOnly']).toBe(false);
    expect(catalogue['presets']).toMatchObject({ tiny: 'w_10' });
    expect(catalogue['words']).toEqual(document['x-words']);
    expect(catalogue['effects']).toEqual(document['x-effects']);
  });
});

describe('Where the playground is', () => {
  it.each([
    [{}, 200],
    [{ TINTYPE_HOST: '::1' }, 200],
    [{ TINTYPE_HOST: '0.0.0.0', TINTYPE_PLAYGROUND: 'true' }, 200],
    [{ TINTYPE_HOST: '0.0.0.0', TINTYPE_PLAYGROUND: 'read-only' }, 200],
    [{ TINTYPE_PLAYGROUND: 'false' }, 404],
  ])('%o answers %i', async (environment, status) => {
    const server = await startTintype(environment);
    try {
      expect([(await server.get('/')).status, (await server.get('/playground/main.js')).status]).toEqual([
        status,
        status,
      ]);
    } finally {
      await server.close();
    }
  });

  it('is a landing page where other machines can reach the server: what it is, the sample, how to open the playground', async () => {
    const server = await startTintype({ TINTYPE_HOST: '0.0.0.0' });
    try {
      const page = await server.get('/', { accept: 'text/html' });
      const text = await page.text();
      expect([page.status, header(page, 'content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toContain('TINTYPE_PLAYGROUND=read-only');
      expect(text).toContain('<img src="/img/sample/w_800,f_webp/sample.webp"');
      expect(header(page, 'content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self'/,
      );
      expect(text).not.toMatch(/<script| style=/);
      for (const path of ['/docs', '/playground/main.js']) {
        const closed = await server.get(path);
        expect([closed.status, await closed.json()]).toMatchObject([
          404,
          { code: 'no-route', detail: expect.stringContaining('TINTYPE_PLAYGROUND=true') },
        ]);
      }
    } finally {
      await server.close();
    }
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['localhost', true],
    ['::1', true],
    ['127.evil.example.com', false],
    ['192.168.0.1', false],
    ['::', false],
  ])('on its own: %s %s', (host, isThere) => {
    expect(frontPageOf({ host, playground: 'loopback' })).toBe(isThere ? 'playground' : 'landing');
  });
});

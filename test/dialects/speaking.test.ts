import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { startRemote } from '../support/remote.ts';
import { type Given, middle, type Running, sizeOf, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(environment: Readonly<Record<string, string>>, given?: Given): Promise<Running> {
  server = await startTintype(environment, given);
  return server;
}

const key = 'k'.repeat(16) + 'l'.repeat(16);

describe('A dialect', () => {
  it('is not spoken unless it is asked for', async () => {
    const at = await start({});
    expect((await at.get('/_next/image?url=%2Fcat.jpg&w=64&q=75')).status).toBe(404);
  });

  it('is one picture with ours: bytes, entity tag, 304, HEAD, tags and purge', async () => {
    const at = await start({ TINTYPE_DIALECTS: 'ipx,cloudflare' });
    await at.put('cat', await solid('#ff0000', 64, 48));
    const ours = await at.get('/img/cat/w_32,f_png');
    const theirs = await at.get('/_ipx/w_32,f_png/cat');
    const others = await at.get('/cdn-cgi/image/width=32,format=png/cat');
    expect(theirs.headers.get('cache-status')).toContain('hit; detail=memory');
    for (const name of ['etag', 'cache-tag', 'surrogate-key', 'link', 'cache-control', 'content-type']) {
      expect([name, theirs.headers.get(name)]).toEqual([name, ours.headers.get(name)]);
      expect([name, others.headers.get(name)]).toEqual([name, ours.headers.get(name)]);
    }
    const etag = ours.headers.get('etag') ?? '';
    expect((await at.get('/_ipx/w_32,f_png/cat', { 'if-none-match': etag })).status).toBe(304);
    expect((await at.send('HEAD', '/_ipx/w_32,f_png/cat')).headers.get('etag')).toBe(etag);
    await at.put('cat', await solid('#0000ff', 64, 48));
    expect(await middle(await at.get('/_ipx/w_32,f_png/cat'))).toBe('#0000ff');
    const wrong = await at.send('POST', '/_ipx/w_32/cat');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('is spoken at another prefix, or on a host of its own beside ours', async () => {
    const at = await start({ TINTYPE_DIALECTS: 'ipx@/pictures/nuxt,imgix@Img.Example.com'.toLowerCase() });
    await at.put('cat', await solid('#ff0000', 64, 48));
    const from = (host: string, path: string) => at.send('GET', path, { headers: { host } });
    expect(await sizeOf(await from('a.example', '/pictures/nuxt/w_32/cat'))).toEqual([32, 24, 'image/png']);
    expect((await from('a.example', '/_ipx/w_32/cat')).status).toBe(404);
    const alone = await from('IMG.example.com:8080', '/cat?w=32');
    expect(alone.headers.get('link')).toBeNull();
    expect(await sizeOf(alone)).toEqual([32, 24, 'image/png']);
    expect((await from('img.example.com', '/img/cat/w_32')).status).toBe(404);
    expect(await sizeOf(await from('other.example.com', '/img/cat/w_16'))).toEqual([16, 12, 'image/png']);
  });

  it('obeys what our URLs obey: presets alone, widths on a list, rungs', async () => {
    const strict = await start({ TINTYPE_DIALECTS: 'imgproxy', TINTYPE_PRESETS_ONLY: 'true' });
    await strict.put('cat', await solid('#ff0000', 640, 480));
    expect((await strict.get('/imgproxy/_/w:32/plain/cat')).status).toBe(403);
    expect((await strict.get('/imgproxy/_/pr:thumb/plain/cat')).status).toBe(200);
    await strict.close();
    const listed = await start({ TINTYPE_DIALECTS: 'next', TINTYPE_WIDTHS: 'list:64,128' });
    await listed.put('cat', await solid('#ff0000', 640, 480));
    expect((await listed.get('/_next/image?url=%2Fcat&w=65&q=75')).status).toBe(403);
    expect((await listed.get('/_next/image?url=%2Fcat&w=64&q=75')).status).toBe(200);
    await listed.close();
    const snapped = await start({ TINTYPE_DIALECTS: 'next', TINTYPE_WIDTHS: 'snap:64,128' });
    await snapped.put('cat', await solid('#ff0000', 640, 480));
    expect((await sizeOf(await snapped.get('/_next/image?url=%2Fcat&w=65&q=75')))[0]).toBe(128);
  });

  it('is never a way around our signatures', () => {
    const signing = { TINTYPE_SIGNING_KEYS: key };
    expect(() => readConfig({ ...signing, TINTYPE_DIALECTS: 'next' })).toThrow(
      'TINTYPE_SIGNING_KEYS is set, but next would accept unsigned URLs',
    );
    expect(() => readConfig({ ...signing, TINTYPE_DIALECTS: 'thumbor' })).toThrow(
      'but thumbor would accept unsigned URLs',
    );
    const keyed = { ...signing, TINTYPE_DIALECTS: 'thumbor', TINTYPE_DIALECT_KEYS: 'thumbor=secret' };
    expect(readConfig(keyed).dialects).toEqual([{ name: 'thumbor', prefix: '/thumbor', host: null }]);
  });

  it.each([
    ['TINTYPE_DIALECTS', 'nobody'],
    ['TINTYPE_DIALECTS', 'next@/img'],
    ['TINTYPE_DIALECTS', 'next@/originals/x'],
    ['TINTYPE_DIALECTS', 'next,next'],
    ['TINTYPE_DIALECTS', 'next@/a,ipx@/a'],
    ['TINTYPE_DIALECTS', 'next@/a/'],
    ['TINTYPE_DIALECTS', 'next@'],
    ['TINTYPE_DIALECT_KEYS', 'next=secret'],
    ['TINTYPE_DIALECT_KEYS', 'imgproxy=nothex'],
    ['TINTYPE_DIALECT_KEYS', 'thumbor'],
  ])('is not configured by %s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });

  it('has a key only where it is spoken', () => {
    expect(() => readConfig({ TINTYPE_DIALECT_KEYS: 'thumbor=secret' })).toThrow('add thumbor to TINTYPE_DIALECTS');
  });

  it('is answered unsigned while signing is on trial, and counted', async () => {
    const at = await start({
      TINTYPE_DIALECTS: 'thumbor',
      TINTYPE_DIALECT_KEYS: 'thumbor=secret',
      TINTYPE_REPORT_ONLY: 'signing',
    });
    await at.put('cat', await solid('#ff0000', 64, 48));
    expect((await at.get('/thumbor/unsafe/32x/cat')).status).toBe(200);
    expect(await (await at.get('/report', withToken)).json()).toMatchObject({ counts: { signing: 1 } });
  });

  it('lets URLs end, as imgproxy has it', async () => {
    const at = await start({ TINTYPE_DIALECTS: 'imgproxy' });
    await at.put('cat', await solid('#ff0000', 64, 48));
    const soon = Math.floor(Date.now() / 1000) + 100;
    expect((await at.get(`/imgproxy/_/w:32/exp:${soon}/plain/cat`)).headers.get('cache-control')).toContain(
      's-maxage=',
    );
    expect((await at.get('/imgproxy/_/w:32/exp:1000/plain/cat')).status).toBe(410);
  });

  it('is told of in the OpenAPI document', async () => {
    const at = await start({ TINTYPE_DIALECTS: 'cloudinary' });
    const { paths } = (await (await at.get('/openapi.json')).json()) as {
      readonly paths: Readonly<Record<string, unknown>>;
    };
    expect(Object.keys(paths)).toContain('/cloudinary/{url}');
  });
});

describe('A picture that is named by its URL', () => {
  const inner = [
    'http://127.0.0.1:1/x.png',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/x',
    'http://localhost/x',
  ];

  it('is fetched from nowhere unless that is allowed', async () => {
    const at = await start({ TINTYPE_DIALECTS: 'next,cloudflare,thumbor,imgproxy,cloudinary' });
    for (const url of ['https://example.com/cat.jpg', ...inner]) {
      const encoded = encodeURIComponent(url);
      for (const path of [
        `/_next/image?url=${encoded}&w=64&q=75`,
        `/cdn-cgi/image/w=64/${url}`,
        `/thumbor/unsafe/64x/${encoded}`,
        `/imgproxy/_/w:64/plain/${encoded}`,
        `/cloudinary/demo/image/fetch/w_64/${encoded}`,
      ]) {
        const answer = await at.get(path);
        expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 403, 'no-store']);
      }
    }
  });

  it('is fetched from no address of our own network, whatever is allowed', async () => {
    const at = await start({ TINTYPE_DIALECTS: 'next', TINTYPE_FETCH: '*' });
    for (const url of inner) {
      expect([url, (await at.get(`/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`)).status]).toEqual([url, 403]);
    }
  });

  it('is fetched once where it is allowed, however many ask, and can be deleted', async () => {
    const picture = await solid('#00ff00', 64, 48);
    const remote = await startRemote((request, response) => {
      if (request.url === '/cat.png?size=big') response.end(picture);
      else response.writeHead(404).end();
    });
    onTestFinished(() => remote.close());
    const allowance = { url: ({ port }: URL) => port === String(remote.port), address: () => true };
    const at = await start({ TINTYPE_DIALECTS: 'next', TINTYPE_FETCH: 'pictures.example' }, { allowance });
    const path = (url: string) => `/_next/image?url=${encodeURIComponent(remote.origin + url)}&w=32&q=75`;
    const answers = await Promise.all([1, 2, 3].map(() => at.get(path('/cat.png?size=big'))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(remote.asked).toEqual(['GET /cat.png?size=big']);
    const [tag = '', ...tags] = (answers[0]?.headers.get('cache-tag') ?? '').split(',');
    expect(tags).toEqual(['fetched-unsigned']);
    expect(tag).toMatch(/^img:web:127\.0\.0\.1:[0-9a-f]{32}$/);
    expect((await at.get(path('/nothing'))).status).toBe(502);
    await at.send('DELETE', `/originals/${tag.slice('img:'.length)}`, { headers: withToken });
    expect((await at.get(path('/cat.png?size=big'))).status).toBe(200);
    expect(remote.asked.filter((asked) => asked === 'GET /cat.png?size=big')).toHaveLength(2);
  });

  it('below TINTYPE_SOURCE is the picture of that path, and nothing leads out of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tintype-source-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, 'public/_next/static'), { recursive: true });
    await writeFile(join(folder, 'public/_next/static/my café.png'), await solid('#00ff00', 64, 48));
    await writeFile(join(folder, 'secret.png'), await solid('#ff0000', 64, 48));
    const at = await start({ TINTYPE_DIALECTS: 'next,ipx', TINTYPE_SOURCE: `file:${folder}/public` });
    const asked = async (path: string) =>
      (await at.get(`/_next/image?url=${encodeURIComponent(path)}&w=32&q=75`)).status;
    expect(await asked('/_next/static/my café.png')).toBe(200);
    expect(await asked('/../secret.png')).toBe(404);
    expect(await asked('/_next/../../secret.png')).toBe(404);
    expect(await asked(`${folder}/secret.png`)).toBe(404);
    expect((await at.get('/_ipx/w_8/_next/static/my%20caf%C3%A9.png')).status).toBe(200);
    expect((await at.get('/_ipx/w_8/..%2Fsecret.png')).status).toBe(404);
  });
});

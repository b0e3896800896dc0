import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Remote, startRemote } from '../support/remote.ts';
import { middle, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

const red = await solid('#ff0000');
const blue = await solid('#0000ff');
let folder: string;
let server: Running;

const status = async (path: string) => (await server.get(path)).status;
const colour = async (path: string) => middle(await server.get(path));
const until = <T>(look: () => Promise<T>, wanted: T) =>
  vi.waitFor(async () => expect(await look()).toEqual(wanted), { timeout: 10_000, interval: 10 });

describe('A folder of pictures as TINTYPE_SOURCE', () => {
  const start = (fresh: string) =>
    startTintype({ TINTYPE_SOURCE: `file:${folder}/public`, TINTYPE_SOURCE_FRESH: fresh, TINTYPE_RENDERS: '1' });
  /** As editors and deployments do it: the new file takes the old one's name. */
  const replace = async (name: string, bytes: Uint8Array) => {
    await writeFile(join(folder, 'new'), bytes);
    await rename(join(folder, 'new'), join(folder, 'public', name));
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-source-'));
    await mkdir(join(folder, 'public/shoes/2026'), { recursive: true });
    await mkdir(join(folder, 'public-secret'));
    await Promise.all(['cat.png', 'shoes/2026/red.png'].map((name) => writeFile(join(folder, 'public', name), red)));
    await writeFile(join(folder, 'secret.png'), red);
    await writeFile(join(folder, 'public-secret/x.png'), red);
    server = await start('1h');
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('is served with no upload, and its bytes stay where they are', async () => {
    expect(await colour('/img/cat.png/w_9,f_png')).toBe('#ff0000');
    expect(await colour('/img/shoes:2026:red.png/f_png')).toBe('#ff0000');
    const { entries } = await server.tintype.store.list('o/', { limit: 10 });
    expect(entries.map(({ key }) => key)).toEqual(['o/cat.png/current.json', 'o/shoes:2026:red.png/current.json']);
  });

  it('is looked up once, however many ask', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.get('/img/cat.png/w_9')));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    expect(await (await server.get('/originals?limit=10', withToken)).json()).toMatchObject({
      originals: [{ id: 'cat.png' }],
    });
  });

  it('gives stored bytes and ranges of them like any other', async () => {
    const whole = await server.get('/originals/cat.png', withToken);
    expect(Buffer.from(await whole.arrayBuffer()).equals(Buffer.from(red))).toBe(true);
    const range = await server.get('/originals/cat.png', { ...withToken, range: 'bytes=1-3' });
    expect([range.status, await range.text()]).toEqual([206, 'PNG']);
    expect(await (await server.get('/originals/cat.png/info', withToken)).json()).toMatchObject({
      width: 64,
      height: 48,
    });
  });

  it('is nothing beside itself: no way up, no hidden names, no links that lead out', async () => {
    await symlink(join(folder, 'secret.png'), join(folder, 'public/link.png'));
    await symlink(join(folder, 'public-secret'), join(folder, 'public/linked'));
    await symlink(join(folder, 'public/cat.png'), join(folder, 'public/inside.png'));
    await symlink('loop.png', join(folder, 'public/loop.png'));
    await mkdir(join(folder, 'public/.git'));
    await mkdir(join(folder, 'public/a/.git'), { recursive: true });
    await writeFile(join(folder, 'public/a/.git/x.png'), red);
    const outside = [
      'a:..:..:secret.png',
      'shoes:..:..:public-secret:x.png',
      'link.png',
      'linked:x.png',
      'loop.png',
      'a:.git:x.png',
      'shoes::2026:red.png',
      'shoes:.:2026:red.png',
      'shoes:',
      'shoes:2026',
      'cat.png:x',
      'nobody',
    ];
    expect(await Promise.all(outside.map((id) => status(`/img/${id}/w_9`)))).toEqual(outside.map(() => 404));
    expect(await status('/img/inside.png/w_9')).toBe(200);
  });

  it('is validated like an upload', async () => {
    await writeFile(join(folder, 'public/page.html'), '<html>');
    await writeFile(join(folder, 'public/cut.png'), red.slice(0, 60));
    await writeFile(join(folder, 'public/empty.png'), '');
    const answers = await Promise.all(['page.html', 'cut.png', 'empty.png'].map((id) => status(`/img/${id}/w_9`)));
    expect(answers).toEqual([415, 422, 422]);
  });

  it('is seen as it is after it was looked at again, and goes when it is gone', async () => {
    await server.close();
    server = await start('0s');
    expect(await colour('/img/cat.png/f_png')).toBe('#ff0000');
    await replace('cat.png', blue);
    await until(() => colour('/img/cat.png/f_png').catch(() => 'none'), '#0000ff');
    await rm(join(folder, 'public/cat.png'));
    await until(() => status('/img/cat.png/f_png'), 404);
  });

  it('may be spoken of before anybody has asked for it', async () => {
    const patch = (id: string) =>
      server.send('PATCH', `/originals/${id}`, { headers: withToken, body: '{"tags":["shoe"]}' });
    const answer = await patch('shoes:2026:red.png');
    expect([answer.status, await answer.json()]).toMatchObject([200, { tags: ['shoe'], width: 64 }]);
    expect((await patch('shoes:2026:nobody.png')).status).toBe(404);
  });

  it('keeps what was said of it through a replacement', async () => {
    await server.close();
    server = await start('0s');
    await status('/img/cat.png/w_9');
    const body = JSON.stringify({ tags: ['pet'], metadata: { title: 'Cat' } });
    expect((await server.send('PATCH', '/originals/cat.png', { headers: withToken, body })).status).toBe(200);
    await replace('cat.png', blue);
    await until(() => colour('/img/cat.png/f_png').catch(() => 'none'), '#0000ff');
    const info = await server.get('/originals/cat.png/info', withToken);
    expect(await info.json()).toMatchObject({ tags: ['pet'], metadata: { title: 'Cat' } });
  });

  it('that is replaced while it is believed is never served as a mixture: what was made of it stays, then comes the new one', async () => {
    expect(await colour('/img/cat.png/w_9,f_png')).toBe('#ff0000');
    await replace('cat.png', blue);
    expect(await colour('/img/cat.png/w_9,f_png')).toBe('#ff0000');
    expect(await colour('/img/cat.png/w_8,f_png')).toBe('#0000ff');
    expect(await colour('/img/cat.png/w_9,f_png')).toBe('#0000ff');
  });

  it('with another time but the same bytes is the same picture', async () => {
    await server.close();
    server = await start('0s');
    const etag = async () => (await server.get('/img/cat.png/w_9')).headers.get('etag');
    const record = async () => Buffer.from((await server.tintype.store.get('o/cat.png/current.json'))?.bytes ?? []);
    const before = await etag();
    const recorded = await record();
    await utimes(join(folder, 'public/cat.png'), 1, 1);
    await until(async () => {
      await etag();
      return recorded.equals(await record());
    }, false);
    expect(await etag()).toBe(before);
  });

  it('never wins over an upload, and comes again where that is deleted', async () => {
    await server.close();
    server = await start('0s');
    await status('/img/cat.png/w_9');
    await server.put('cat.png', blue);
    await replace('cat.png', await solid('#00ff00'));
    expect(await colour('/img/cat.png/f_png')).toBe('#0000ff');
    await server.send('DELETE', '/originals/cat.png', { headers: withToken });
    await until(() => colour('/img/cat.png/f_png'), '#00ff00');
  });

  it('uploaded byte for byte is kept here', async () => {
    await status('/img/cat.png/w_9');
    expect((await server.put('cat.png', red)).status).toBe(200);
    await rm(join(folder, 'public/cat.png'));
    expect(await colour('/img/cat.png/w_7,f_png')).toBe('#ff0000');
  });

  it('is known to a new start', async () => {
    await status('/img/cat.png/w_9');
    server = await server.restart();
    expect(await colour('/img/cat.png/w_7,f_png')).toBe('#ff0000');
  });
});

describe('A server of pictures as TINTYPE_SOURCE', () => {
  let remote: Remote;
  let picture: Uint8Array;
  let etag: string;
  let down: boolean;
  const start = (fresh: string) =>
    startTintype({ TINTYPE_SOURCE: `${remote.origin}/old/`, TINTYPE_SOURCE_FRESH: fresh, TINTYPE_RENDERS: '1' });

  beforeEach(async () => {
    [picture, etag, down] = [red, '"1"', false];
    remote = await startRemote((request, response) => {
      if (down) response.writeHead(500).end();
      else if (request.url === '/old/away.png') response.writeHead(302, { location: 'http://localhost:1/' }).end();
      else if (request.url !== '/old/a/cat.png') response.writeHead(404).end();
      else if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.writeHead(200, { etag }).end(picture);
    });
  });
  afterEach(async () => {
    await server.close();
    await remote.close();
  });

  it('is asked once, and copied', async () => {
    server = await start('1h');
    const answers = await Promise.all(Array.from({ length: 10 }, () => server.get('/img/a:cat.png/w_9')));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    expect(remote.asked).toEqual(['GET /old/a/cat.png']);
    down = true;
    expect(await colour('/img/a:cat.png/w_8,f_png')).toBe('#ff0000');
  });

  it('is asked again by its tag, and its new picture is seen', async () => {
    server = await start('0s');
    await status('/img/a:cat.png/w_9');
    await until(async () => {
      await status('/img/a:cat.png/w_9');
      return remote.seen.some(({ headers }) => headers['if-none-match'] === '"1"');
    }, true);
    [picture, etag] = [blue, '"2"'];
    await until(() => colour('/img/a:cat.png/f_png'), '#0000ff');
  });

  it('that has nothing is a 404, and not asked again for a while', async () => {
    server = await start('1h');
    expect([await status('/img/nobody/w_9'), await status('/img/nobody/w_8')]).toEqual([404, 404]);
    expect(remote.asked).toEqual(['GET /old/nobody']);
  });

  it('that is down is a 502 that no cache keeps, and is spared; what is copied goes on', async () => {
    server = await start('0s');
    await status('/img/a:cat.png/w_9');
    down = true;
    const answer = await server.get('/img/b/w_9');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([502, 'no-store']);
    expect(await answer.json()).toMatchObject({ code: 'source-unreachable' });
    for (let time = 0; time < 20; time++) expect(await status('/img/b/w_9')).toBe(502);
    expect(remote.asked.filter((line) => line === 'GET /old/b')).toHaveLength(1);
    expect(await colour('/img/a:cat.png/w_8,f_png')).toBe('#ff0000');
  });

  it('that leads elsewhere is not followed', async () => {
    server = await start('1h');
    expect(await status('/img/away.png/w_9')).toBe(502);
  });

  it('is never asked for what lies above', async () => {
    server = await start('1h');
    expect(await status('/img/a:..:..:x/w_9')).toBe(404);
    expect(remote.asked).toEqual([]);
  });
});

describe('A source that cannot be', () => {
  it.each(['file:/no/such/folder', 'ftp://x/', 'https://user:pass@x/', 'https://x/?y', 's3://', 'x'])(
    'stops the start: %s',
    async (url) => {
      await expect(startTintype({ TINTYPE_SOURCE: url })).rejects.toThrow(/^Expected |^The folder .* cannot be read/);
    },
  );
});

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../support/photo.ts';
import { type Remote, startRemote } from '../support/remote.ts';
import { middle, type Running, sizeOf, solid, startTintype, withToken } from '../support/tintype.ts';

let remote: Remote;
let server: Running;

beforeAll(async () => {
  const picture = await solid('#ff0000', 640, 480);
  const told = await readFile(fixturePath('private.jpg'));
  remote = await startRemote((request, response) => {
    if (request.url === '/cat.png') response.setHeader('set-cookie', 'a=b').end(picture);
    else if (request.url === '/private.jpg') response.end(told);
    else if (request.url === '/page') response.setHeader('content-type', 'image/png').end('<html>');
    else if (request.url === '/endless') {
      const pour = () => void (response.destroyed || response.write(Buffer.alloc(65_536), pour));
      pour();
    } else if (request.url === '/empty') response.end();
    else response.writeHead(404).end();
  });
  const allowance = { url: ({ port }: URL) => port === String(remote.port), address: () => true };
  server = await startTintype({ TINTYPE_FETCH: 'pictures.example', TINTYPE_MAX_BYTES: '1MB' }, { allowance });
});
afterAll(async () => {
  await server.close();
  await remote.close();
});

const post = (body: unknown, to = server) =>
  to.send('POST', '/originals', {
    headers: { ...withToken, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('POST /originals with a URL', () => {
  it('stores what stands there', async () => {
    const answer = await post({ url: `${remote.origin}/cat.png`, id: 'cat', tags: ['web'] });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([201, null]);
    expect(await answer.json()).toMatchObject({ id: 'cat', width: 640, height: 480, tags: ['web'] });
    expect(await middle(await server.get('/img/cat/f_png'))).toBe('#ff0000');
  });

  it.each([
    ['w_320', [320, 240, 'image/png']],
    ['c_crop,h_100,w_200,x_10,y_20', [200, 100, 'image/png']],
    ['w_320/a_90/f_webp', [240, 320, 'image/webp']],
    ['thumb', [150, 113, 'image/webp']],
    ['w_320/l_text:DejaVu Sans_20:Hello', [320, 240, 'image/png']],
  ])('transforms once by %s: its result is the original', async (transform, expected) => {
    const answer = await post({ url: `${remote.origin}/cat.png`, id: 'made', transform });
    expect(answer.status).toBeLessThan(202);
    expect(await sizeOf(await server.get('/originals/made', withToken))).toEqual(expected);
  });

  it('tells what its transform has taken away', async () => {
    const answer = await post({ url: `${remote.origin}/private.jpg`, id: 'told', transform: 'w_64,f_webp' });
    expect(await answer.json()).toMatchObject({
      width: 64,
      format: 'webp',
      removed: ['exif', 'gps', 'xmp', 'iptc', 'comment', 'trailer'],
    });
  });

  it.each<[string, object, number, string]>([
    ['a place it may not go to', { url: 'http://127.0.0.1:1/' }, 403, 'forbidden'],
    ['something that is no URL', { url: 'cat.png' }, 403, 'forbidden'],
    ['a URL that is no text', { url: 7 }, 400, 'bad-request'],
    ['a URL and bytes', { url: 'http://x/', dataUrl: 'data:,x' }, 400, 'bad-request'],
  ])('of %s is refused', async (_what, body, status, code) => {
    const answer = await post(body);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store']);
    expect(await answer.json()).toMatchObject({ code });
  });

  it.each([
    ['/page', undefined, 415, 'not-an-image'],
    ['/empty', undefined, 415, 'not-an-image'],
    ['/endless', undefined, 413, 'too-big'],
    ['/missing', undefined, 502, 'source-unreachable'],
    ['/cat.png', 'w_0', 400, 'bad-words'],
    ['/cat.png', 'l_logo', 400, 'bad-words'],
    ['/cat.png', 'l_text:Arial_20:Hello', 400, 'bad-words'],
    ...['f_orig', 'mb_9000,f_webp', 'q_ssim:0.95', 'v_12345678', 'd_other', 'fl_attachment', 'fl_datauri'].map(
      (words): [string, string, number, string] => ['/cat.png', words, 400, 'bad-words'],
    ),
    ['/cat.png', 'c_scale,w_8000,h_8000', 422, 'over-limit'],
  ])('of %s by %s is refused, and nothing of it stays', async (path, transform, status, code) => {
    const answer = await post({
      url: remote.origin + path,
      id: 'bad',
      ...(transform === undefined ? {} : { transform }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
    expect((await server.get('/originals/bad', withToken)).status).toBe(404);
  });

  it('is refused in one sentence where fetching is off', async () => {
    const other = await startTintype();
    const answer = await post({ url: `${remote.origin}/cat.png` }, other);
    const here = await post({ url: 'http://127.0.0.1:1/' });
    expect([answer.status, await answer.json()]).toEqual([403, await here.json()]);
    await other.close();
  });

  it('that leads back to us is a loop, not a second request', async () => {
    await post({ url: `${remote.origin}/cat.png`, id: 'via' });
    const via = remote.seen.at(-1)?.headers.via ?? '';
    const answer = await server.get('/img/via/w_9', { via: `1.1 cdn, ${via}` });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([508, 'no-store']);
    expect((await server.get('/img/via/w_9', { via: '1.1 varnish' })).status).toBe(200);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let running: Running;
const picture = await solid('#ff8800', 64, 48);

beforeAll(async () => {
  running = await startTintype({ TINTYPE_WORKERS: 'none', TINTYPE_CORS: 'https://shop.example,http://localhost:5173' });
});
afterAll(() => running.close());

async function uploadUrl(limits: object = {}): Promise<string> {
  const answer = await running.send('POST', '/uploads', { headers: withToken, body: JSON.stringify(limits) });
  return ((await answer.json()) as { url: string }).url;
}

type Part = readonly [name: string, value: string | Uint8Array<ArrayBuffer>];

/** A form as a browser sends it, its parts in this order. */
async function post(url: string, parts: readonly Part[]): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new Blob([value]), 'photo.png');
  }
  const sent = new Response(form);
  const headers = { 'content-type': sent.headers.get('content-type') ?? '', origin: 'https://shop.example' };
  return running.send('POST', url, { headers, body: new Uint8Array(await sent.arrayBuffer()) });
}

const exists = async (id: string) => (await running.get(`/originals/${id}/info`, withToken)).status === 200;

describe('An upload token takes a plain form', () => {
  it('once, with its variants, and answers as a PUT does', async () => {
    const url = await uploadUrl({ id: 'avatar:7', presets: ['thumb'] });
    const answer = await post(url, [['file', picture]]);
    expect([answer.status, answer.headers.get('location'), await answer.json()]).toEqual([
      201,
      '/originals/avatar:7',
      expect.objectContaining({ id: 'avatar:7', variants: [expect.objectContaining({ name: 'thumb', error: null })] }),
    ]);
    expect((await post(url, [['file', picture]])).status).toBe(410);
  });

  it.each([
    ['before', 0],
    ['behind', 1],
  ])('and sends the browser on to a redirect that stands %s the file', async (where, at) => {
    const redirect = 'https://shop.example/done?a=1&b=ü#top';
    const parts: Part[] = [['file', picture]];
    parts.splice(at, 0, ['redirect', redirect]);
    const answer = await post(await uploadUrl({ id: `sent-${where}` }), parts);
    expect([answer.status, answer.headers.get('location'), answer.headers.get('cache-control')]).toEqual([
      303,
      'https://shop.example/done?a=1&b=%C3%BC#top',
      'no-store',
    ]);
    expect(await exists(`sent-${where}`)).toBe(true);
  });

  it.each([
    'https://evil.example/',
    'https://shop.example.evil/',
    'https://shop.example@evil.example/',
    'https://user:pass@shop.example/',
    'http://shop.example/',
    '//evil.example/',
    '/done',
    'javascript:alert(1)',
    'https://',
  ])('but redirects to no place that is not allowed: %s', async (redirect) => {
    const url = await uploadUrl({ id: 'nowhere' });
    const refused = await post(url, [
      ['redirect', redirect],
      ['file', picture],
    ]);
    expect([refused.status, await refused.json(), await exists('nowhere')]).toMatchObject([
      400,
      { code: 'bad-request', detail: expect.stringContaining('TINTYPE_CORS') },
      false,
    ]);
  });

  it.each<[string, object, readonly Part[], number]>([
    ['has no file', {}, [['redirect', 'https://shop.example/']], 400],
    [
      'has a field that is not known',
      {},
      [
        ['id', 'other'],
        ['file', picture],
      ],
      400,
    ],
    [
      'has two files',
      {},
      [
        ['file', picture],
        ['file', picture],
      ],
      400,
    ],
    ['is too big', { bytes: 100 }, [['file', new Uint8Array(400)]], 413],
    ['is far too big', { bytes: 100 }, [['file', new Uint8Array(100_000)]], 413],
    ['is no picture', {}, [['file', new Uint8Array(9)]], 415],
    ['has sides longer than it permits', { sides: 10 }, [['file', picture]], 422],
    ['has another type than it permits', { types: ['image/jpeg'] }, [['file', picture]], 415],
  ])('and can be used again where the form %s', async (_what, limits, parts, status) => {
    const url = await uploadUrl({ id: 'again', ...limits });
    expect([(await post(url, parts)).status, (await post(url, parts)).status]).toEqual([status, status]);
  });

  it('but no other body: a PUT takes bytes', async () => {
    const answer = await running.send('POST', await uploadUrl(), {
      headers: { 'content-type': 'image/png' },
      body: picture,
    });
    expect([answer.status, await answer.json()]).toMatchObject([415, { detail: expect.stringContaining('PUT') }]);
  });
});

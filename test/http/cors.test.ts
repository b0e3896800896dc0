import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;
const picture = await solid('#00ff00');

beforeAll(async () => {
  server = await startTintype({
    TINTYPE_ORIGINALS: 'public',
    TINTYPE_MAX_BYTES: '1MB',
    TINTYPE_CANONICAL: 'redirect',
    TINTYPE_PRESETS: '{"small":"w_20,f_png"}',
    TINTYPE_CORS: 'https://admin.example,http://localhost:5173',
  });
  await server.put('cat', picture);
});
afterAll(() => server.close());

const origin = { origin: 'https://shop.example' };

/** As a browser asks before a request that carries more than a form could (Fetch standard, CORS-preflight fetch). */
const preflight = (path: string, method: string, fields = 'content-type', from = origin.origin) =>
  server.send('OPTIONS', path, {
    headers: { origin: from, 'access-control-request-method': method, 'access-control-request-headers': fields },
  });

const cors = (answer: Response) =>
  Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('access-control-')));

const exposed =
  'ETag, Location, Link, Retry-After, Cache-Status, Server-Timing, X-Request-Id, Tintype-Error, Tintype-Quality, Tintype-Bytes, Tintype-Approximated';
const readable = { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed };

describe('A preflight', () => {
  it.each([
    ['/uploads/some-token', 'PUT', 'PUT, POST'],
    ['/img/cat/f_png,w_20', 'GET', 'GET, HEAD'],
    ['/originals/cat', 'GET', 'GET, HEAD'],
    ['/originals/cat/variants/small', 'GET', 'GET, HEAD'],
    ['/info/cat', 'GET', 'GET, HEAD'],
    ['/picture/cat', 'GET', 'GET, HEAD'],
    ['/openapi.json', 'GET', 'GET, HEAD'],
  ])('of %s lets pages of any origin %s with any header', async (path, method, allowed) => {
    const answer = await preflight(path, method, 'content-digest, x-requested-with, if-none-match');
    expect([answer.status, header(answer, 'allow')]).toEqual([204, expect.stringContaining(method)]);
    expect(cors(answer)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': allowed,
      'access-control-allow-headers': '*',
      'access-control-max-age': '86400',
    });
  });

  it.each([
    ['/originals', 'POST'],
    ['/uploads', 'POST'],
    ['/purge', 'POST'],
    ['/stats', 'GET'],
  ])('of %s, which needs a token, lets no page in', async (path, method) => {
    const answer = await preflight(path, method, 'authorization');
    expect([answer.status, cors(answer)]).toEqual([204, {}]);
  });

  it.each([
    ['/originals', 'POST', 'GET, HEAD, POST'],
    ['/purge', 'POST', 'POST'],
    ['/img/cat', 'DELETE', 'GET, HEAD, DELETE, PURGE'],
  ])('of %s lets a page of TINTYPE_CORS %s with a token', async (path, method, allowed) => {
    const answer = await preflight(path, method, 'authorization', 'https://admin.example');
    expect([answer.status, header(answer, 'vary'), cors(answer)]).toEqual([
      204,
      'Origin',
      {
        'access-control-allow-origin': 'https://admin.example',
        'access-control-allow-methods': allowed,
        'access-control-allow-headers': '*, Authorization',
        'access-control-max-age': '86400',
      },
    ]);
  });

  it.each([
    'https://admin.example.evil',
    'http://admin.example',
    'https://admin.example:8443',
    'null',
    'https://ADMIN.example',
  ])('of a token route from %s, which is not listed, lets nothing in', async (from) => {
    const answer = await preflight('/purge', 'POST', 'authorization', from);
    expect([cors(answer), header(answer, 'vary')]).toEqual([{}, 'Origin']);
  });
});

describe('An answer of a token route', () => {
  const asked = (from: string, headers: Record<string, string> = withToken) =>
    server.get('/originals', { origin: from, ...headers });

  it('echoes an origin of TINTYPE_CORS, also where it refuses, and never allows credentials', async () => {
    for (const answer of [await asked('http://localhost:5173'), await asked('http://localhost:5173', {})]) {
      expect(cors(answer)).toEqual({ ...readable, 'access-control-allow-origin': 'http://localhost:5173' });
      expect(header(answer, 'vary')).toBe('Origin');
    }
  });

  it('is kept from a page of another origin, and says that it depends on the origin', async () => {
    const answer = await asked('https://shop.example');
    expect([answer.status, cors(answer), header(answer, 'vary')]).toEqual([200, {}, 'Origin']);
  });

  it('leaves public answers as they are', async () => {
    const answer = await server.get('/img/cat/f_png,w_20', { origin: 'https://admin.example' });
    expect([cors(answer), answer.headers.get('vary')]).toEqual([readable, null]);
  });
});

describe('A page of another origin can read', () => {
  const unknown = `/uploads/zzzzzz-${'A'.repeat(32)}`;

  async function token(): Promise<string> {
    const answer = await server.send('POST', '/uploads', { headers: withToken, body: '{"bytes":1000}' });
    return ((await answer.json()) as { url: string }).url;
  }

  it.each<[number, string, () => Promise<string> | string, Uint8Array<ArrayBuffer>, Record<string, string>]>([
    [201, 'a stored upload', token, picture, {}],
    [400, 'a query', async () => `${await token()}?colour=red`, new Uint8Array(9), {}],
    [400, 'a wrong digest', token, new Uint8Array(9), { 'content-digest': 'sha-256=nonsense' }],
    [410, 'an unknown token', () => unknown, new Uint8Array(9), {}],
    [413, 'an upload that is too big', token, new Uint8Array(2000), {}],
    [415, 'an upload that is no picture', token, new Uint8Array(9), {}],
  ])('%i for %s', async (status, _what, url, body, headers) => {
    const answer = await server.send('PUT', await url(), { headers: { ...origin, ...headers }, body });
    expect([answer.status, cors(answer)]).toEqual([status, readable]);
  });

  it('405 for another method', async () => {
    const answer = await server.send('DELETE', unknown, { headers: origin });
    expect([answer.status, cors(answer)]).toEqual([405, readable]);
  });

  it.each([
    [200, '/img/cat/f_png,w_20'],
    [308, '/img/cat/w_20,f_png'],
    [400, '/img/cat/w_many'],
    [404, '/img/nobody/w_20'],
    [200, '/originals/cat'],
    [302, '/originals/cat/variants/small'],
    [200, '/info/cat'],
    [200, '/picture/cat'],
    [200, '/openapi.json'],
  ])('%i of %s', async (status, path) => {
    const answer = await server.get(path, origin);
    expect([answer.status, cors(answer)]).toEqual([status, readable]);
  });

  it('304 of a picture', async () => {
    const etag = header(await server.get('/img/cat/f_png,w_20'), 'etag');
    const answer = await server.get('/img/cat/f_png,w_20', { ...origin, 'if-none-match': etag });
    expect([answer.status, cors(answer)]).toEqual([304, readable]);
  });
});

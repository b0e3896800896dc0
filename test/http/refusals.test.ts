import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;

beforeAll(async () => {
  server = await startTintype({ TINTYPE_NEGATIVE_TTL: '7s' });
  await server.put('cat', await solid('#ff8800', 100, 60));
});
afterAll(() => server.close());

/** Every kind of refusal that a request can meet so far, with how long a cache may remember it. */
describe('A refusal is problem+json with the status and lifetime of its kind:', () => {
  it.each([
    ['GET', '/img/cat/w_0', {}, 400, 'bad-words', 'public, max-age=300'],
    ['GET', '/img/..%2f..%2fetc', {}, 400, 'bad-words', 'public, max-age=300'],
    ['GET', '/img/a%00/w_1', {}, 400, 'bad-words', 'public, max-age=300'],
    ['GET', `/img/${'a'.repeat(300)}/w_1`, {}, 400, 'bad-words', 'public, max-age=300'],
    ['GET', '/img/cat?w=400', {}, 400, 'bad-words', 'public, max-age=300'],
    ['GET', '/img/nobody/w_1', {}, 404, 'missing-original', 'public, max-age=7'],
    ['HEAD', '/img/nobody/w_1', {}, 404, 'missing-original', 'public, max-age=7'],
    ['GET', '/nowhere', {}, 404, 'no-route', 'no-store'],
    ['POST', '/', {}, 405, 'wrong-method', 'no-store'],
    ['POST', '/img/cat', {}, 405, 'wrong-method', 'no-store'],
    ['PATCH', '/livez', {}, 405, 'wrong-method', 'no-store'],
    ['PUT', '/originals/cat', {}, 401, 'unauthorized', 'no-store'],
    ['GET', '/originals/cat', {}, 401, 'unauthorized', 'no-store'],
    ['GET', '/originals/cat', { authorization: 'Bearer wrong-token-entirely' }, 401, 'unauthorized', 'no-store'],
    ['GET', '/originals/cat', { authorization: 'Basic abc' }, 401, 'unauthorized', 'no-store'],
    ['DELETE', '/originals/cat', {}, 401, 'unauthorized', 'no-store'],
    ['DELETE', '/img/cat', {}, 401, 'unauthorized', 'no-store'],
    ['POST', '/purge', {}, 401, 'unauthorized', 'no-store'],
    ['GET', '/originals/..%2fx', withToken, 400, 'bad-words', 'public, max-age=300'],
    ['GET', '/img/cat/c_scale,w_8000,h_8000', {}, 422, 'over-limit', 'public, max-age=300'],
    ['GET', `/img/cat/${'w_1,'.repeat(600)}`, {}, 414, 'path-too-long', 'no-store'],
  ] as const)('%s %s', async (method, path, headers, status, code, lifetime) => {
    const answer = await server.send(method, path, { headers });
    expect([answer.status, header(answer, 'cache-control')]).toEqual([status, lifetime]);
    expect(header(answer, 'content-type')).toBe('application/problem+json');
    expect(answer.headers.has('etag')).toBe(false);
    if (method !== 'HEAD') expect(await answer.json()).toMatchObject({ status, code });
  });

  it('a 401 says how to come back (RFC 9110 §11.6.1), a 405 which methods there are (§15.5.6)', async () => {
    expect(header(await server.send('POST', '/purge'), 'www-authenticate')).toBe('Bearer');
    expect(header(await server.send('POST', '/img/cat'), 'allow')).toBe('GET, HEAD, DELETE, PURGE, OPTIONS');
    const options = await server.send('OPTIONS', '/originals/cat');
    expect([options.status, header(options, 'allow')]).toEqual([204, 'PUT, GET, HEAD, PATCH, DELETE, OPTIONS']);
  });

  it('a missing original is tagged, so that the PUT can purge the answer', async () => {
    expect(header(await server.get('/img/nobody/w_1'), 'cache-tag')).toBe('img:nobody');
  });

  it('words of a query get our spelling', async () => {
    expect(await (await server.get('/img/cat?width=400&fm=webp')).json()).toMatchObject({
      mistakes: [{ example: '/img/cat/f_webp,w_400' }],
    });
    expect((await server.get('/img/cat?utm_source=x')).status).toBe(200);
    expect((await server.get('/img/cat/w_9?w=400')).status).toBe(200);
  });

  it('a long query gets a short answer, in which every word is legal', async () => {
    const query = Array.from({ length: 1500 }, (_, index) => `w=${index}&q=${'9'.repeat(index % 9)}`).join('&');
    const text = await (await server.get(`/img/cat?${query}`)).text();
    expect(text.length).toBeLessThan(1024);
    expect(JSON.parse(text)).toMatchObject({ mistakes: [{ example: '/img/cat/q_80,w_1499' }] });
  });

  it.each(['w_%', 'w_%ff', '', 'w_400//h_300', Array.from({ length: 99 }, () => 'w_1').join(',')])(
    'words of a body, here "%s", are refused as those of a URL',
    async (transform) => {
      const headers = { ...withToken, 'content-type': 'application/json' };
      const body = JSON.stringify({ dataUrl: 'data:image/png;base64,AAAA', transform });
      const answer = await server.send('POST', '/originals', { headers, body });
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'bad-words' }]);
    },
  );

  it('no log line holds the token', () => {
    expect(JSON.stringify(server.log)).not.toContain('wrong-token-entirely');
  });
});

describe('GET /readyz', () => {
  it('says no while draining, GET /livez goes on saying yes', async () => {
    const ready = await server.get('/readyz');
    const states = { store: 'ok', redis: 'off', disk: 'ok', clock: 'ok', renderers: expect.any(Number) };
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', reasons: [], ...states }]);
    expect((await server.get('/readyz?strict=maybe')).status).toBe(400);
    server.tintype.drain();
    const answer = await server.get('/readyz');
    const draining = { status: 'not ready', reasons: ['draining'], ...states };
    expect([answer.status, await answer.json(), header(answer, 'retry-after')]).toEqual([503, draining, '1']);
    expect((await server.get('/livez')).status).toBe(200);
  });
});

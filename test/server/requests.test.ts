import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tintypeOnPort } from '../support/listening.ts';
import { secret, solid } from '../support/tintype.ts';
import { dial, exchange, head, statuses } from '../support/wire.ts';

let server: Awaited<ReturnType<typeof tintypeOnPort>>;

beforeAll(async () => {
  server = await tintypeOnPort({ TINTYPE_QUEUE: '100' });
  await server.put('cat', await solid('#ff8800', 100, 60));
  await server.put('private', await solid('#00ff88', 100, 60));
});
afterAll(() => server.close());

const host = 'Host: tintype.test\r\n';
const close = 'Connection: close\r\n';
const upload = `Authorization: Bearer ${secret}\r\n`;

describe('Threat G4: a request that HTTP forbids is refused and its connection ends:', () => {
  it.each([
    ['two hosts (RFC 9112 §3.2)', `GET /livez HTTP/1.1\r\n${host}Host: evil.test\r\n\r\n`, 400],
    ['no host (RFC 9112 §3.2)', 'GET /livez HTTP/1.1\r\n\r\n', 400],
    ['a host with spaces', 'GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
    ['a host with a path', 'GET /livez HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
    ['another version (RFC 9112 §2.3)', `GET /livez HTTP/2.0\r\n${host}\r\n`, 400],
    ['no version', 'GET /livez\r\n\r\n', 400],
    ['a method in lower case', `get /livez HTTP/1.1\r\n${host}\r\n`, 400],
    ['a method nobody knows', `BREW /livez HTTP/1.1\r\n${host}\r\n`, 400],
    ['a backslash in the path', `GET /img\\..\\..\\etc\\passwd HTTP/1.1\r\n${host}\r\n`, 400],
    ['a target that is no path', `GET livez HTTP/1.1\r\n${host}\r\n`, 400],
    ['a target of another scheme', `GET ftp://x/livez HTTP/1.1\r\n${host}\r\n`, 400],
    ['a NUL in a field', `GET /livez HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`, 400],
    ['a folded field (RFC 9112 §5.2)', `GET /livez HTTP/1.1\r\n${host}X-A: a\r\n b\r\n\r\n`, 400],
    ['a space before the colon (RFC 9112 §5.1)', `GET /livez HTTP/1.1\r\n${host}X-A : a\r\n\r\n`, 400],
    ['a bare LF (RFC 9112 §2.2)', 'GET /livez HTTP/1.1\nHost: x\n\n', 400],
    [
      'two lengths (RFC 9112 §6.3)',
      `PUT /originals/a HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
      400,
    ],
    ['a negative length', `PUT /originals/a HTTP/1.1\r\n${host}Content-Length: -5\r\n\r\nhello`, 400],
    [
      'length and chunks (RFC 9112 §6.3)',
      `PUT /originals/a HTTP/1.1\r\n${host}${upload}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
      400,
    ],
    [
      'a chunk size beyond all measure',
      `PUT /originals/a HTTP/1.1\r\n${host}${upload}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n0\r\n\r\n`,
      400,
    ],
    [
      'a coding before chunked',
      `PUT /originals/a HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    [
      'fields of 40 kB (RFC 6585 §5)',
      `GET /livez HTTP/1.1\r\n${host}${'X-Long: '.concat('a'.repeat(1000), '\r\n').repeat(40)}\r\n`,
      431,
    ],
  ])('%s', async (_what, request, status) => {
    const told = await exchange(server.port, request);
    expect(statuses(told)).toEqual([status]);
    expect(told).toMatch(/^connection: close\r$/im);
    expect(told).toMatch(/^content-type: application\/problem\+json\r$/im);
    expect(told).toMatch(/^cache-control: no-store\r$/im);
    expect(told).toMatch(/^date: /im);
  });

  it('CONNECT gets no tunnel', async () => {
    expect(statuses(await exchange(server.port, `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${host}\r\n`))).not.toContain(200);
  });
});

describe('A request that HTTP allows is answered:', () => {
  it.each([
    ['the absolute form (RFC 9112 §3.2.2)', `GET http://other.test/livez HTTP/1.1\r\n${host}${close}\r\n`, 200],
    ['the absolute form in capitals', `GET HTTP://OTHER.TEST/livez HTTP/1.1\r\n${host}${close}\r\n`, 200],
    ['the absolute form without a path', `GET http://other.test HTTP/1.1\r\n${host}${close}\r\n`, 200],
    ['the absolute form of an image', `GET http://other.test/img/cat/w_9 HTTP/1.1\r\n${host}${close}\r\n`, 200],
    ['HTTP/1.0 without a host', 'GET /livez HTTP/1.0\r\n\r\n', 200],
    ['an IPv6 host', `GET /livez HTTP/1.1\r\nHost: [::1]:3000\r\n${close}\r\n`, 200],
    ['a host in capitals', `GET /livez HTTP/1.1\r\nHost: TINTYPE.test:80\r\n${close}\r\n`, 200],
    [
      'an offer of HTTP/2 (RFC 9110 §7.8)',
      `GET /livez HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
      200,
    ],
    ['raw UTF-8 in the path', `GET /img/\u00c3\u00a9/w_1 HTTP/1.1\r\n${host}${close}\r\n`, 400],
  ])('%s', async (_what, request, status) => {
    expect(statuses(await exchange(server.port, Buffer.from(request, 'latin1')))).toEqual([status]);
  });

  it('fifty at once on one connection come back in order', async () => {
    const wire = await dial(server.port);
    wire.send(Array.from({ length: 50 }, (_, n) => head(`GET /img/cat/w_${n + 1},f_png`)).join(''));
    wire.send(head('GET /livez', { Connection: 'close' }));
    await wire.closed;
    const types = [...wire.received().matchAll(/^link: <\/img\/cat\/f_png,w_(\d+)\//gim)].map(([, width]) =>
      Number(width),
    );
    expect(types).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(statuses(wire.received())).toEqual(Array.from({ length: 51 }, () => 200));
  });
});

describe('Threats E1, E2 and E7: a path is taken as it was sent:', () => {
  const spellings = [
    '//originals/private',
    '/originals//private',
    '/./originals/private',
    '/originals/./private',
    '/img/../originals/private',
    '/img/cat/../../originals/private',
    '/%6friginals/private',
    '/originals%2Fprivate',
    '/originals/%2e%2e/originals/private',
    '/img/%2e%2e/originals/private',
    '/img/..%2foriginals/private',
    '/ORIGINALS/private',
    '/Originals/private',
    '/originals/private/',
    '/originals/private;x',
    '/originals/private%00',
    '/originals/private%20',
    '/originals/private#x',
    '/originals/private/info/',
    '/originals\\private',
    '/originals/..\\private',
    'http://tintype.test/./originals/private',
    'http://tintype.test//originals/private',
  ];

  it('/originals/%70rivate is the private original: it opens with the token alone', async () => {
    const statusWith = async (token: string) =>
      statuses(await exchange(server.port, `GET /originals/%70rivate HTTP/1.1\r\n${host}${close}${token}\r\n`))[0];
    expect([await statusWith(''), await statusWith(upload)]).toEqual([401, 200]);
  });

  it.each(spellings)('%s opens nothing, with or without a token', async (path) => {
    const before = await originals();
    for (const method of ['GET', 'PUT', 'DELETE', 'POST', 'PURGE']) {
      for (const token of ['', upload]) {
        const override = 'X-HTTP-Method-Override: GET\r\nX-Original-URL: /livez\r\nX-Rewrite-URL: /livez\r\n';
        const told = await exchange(
          server.port,
          `${method} ${path} HTTP/1.1\r\n${host}${close}${token}${override}\r\n`,
        );
        expect([method, token === '', statuses(told)[0]]).toEqual([method, token === '', expect.toSatisfy(isRefusal)]);
      }
    }
    expect(await originals()).toEqual(before);
  });

  it.each(['/x/../livez', '/./livez', '/%6civez', '/x/%2e%2e/livez', 'http://tintype.test/x/../livez'])(
    '%s is not /livez',
    async (path) => {
      expect(statuses(await exchange(server.port, `GET ${path} HTTP/1.1\r\n${host}${close}\r\n`))).toEqual([404]);
    },
  );

  it('without a token every way to what is private is a 401', async () => {
    for (const path of [
      '/originals/private',
      '/originals/private?x',
      'http://other.test/originals/private',
      '/originals/private/info',
      '/originals',
    ]) {
      const told = await exchange(server.port, `GET ${path} HTTP/1.1\r\n${host}${close}\r\n`);
      expect([path, ...statuses(told)]).toEqual([path, 401]);
    }
  });
});

async function originals(): Promise<readonly string[]> {
  const { entries } = await server.tintype.store.list('o/', { limit: 1000 });
  return entries.map(({ key }) => key);
}

const isRefusal = (status: unknown) => typeof status === 'number' && status >= 400 && status < 500;

describe('Threat E6: the answer to an image URL', () => {
  const hostile = [
    'X-Forwarded-Host: evil.test',
    'X-Forwarded-Proto: gopher',
    'X-Forwarded-Prefix: /evil',
    'X-Rewrite-URL: /img/private/w_9',
    'X-Original-URL: /img/private/w_9',
    'Forwarded: host=evil.test;proto=http',
    'Accept: image/avif;q=0',
    'Accept: text/html',
    `Accept: ${'image/x,'.repeat(1500)}image/x`,
    'DPR: 3',
    'Sec-CH-DPR: 3',
    'Width: 99999',
    'Range: bytes=0-1',
    'Range: bytes=-1',
    'Range: bytes=0-18446744073709551615',
    'If-None-Match: "other"',
    'If-Modified-Since: Fri, 01 Jan 2999 00:00:00 GMT',
    'If-Range: "x"',
    'Cache-Control: only-if-cached',
    'Authorization: Bearer x',
    'Accept-Encoding: gzip, br',
    'Referer: https://evil.test/',
    'Cookie: a=b',
    'Expect: 100-continue',
    'Upgrade: h2c',
    'TE: trailers',
    'Content-Length: 0',
    'Via: 1.1 x',
    'Origin: https://evil.test',
  ];

  it.each(hostile)('does not depend on %s', async (field) => {
    const url = '/img/cat/w_40,f_png';
    const plain = bodyOf(await exchange(server.port, `GET ${url} HTTP/1.1\r\n${host}${close}\r\n`));
    const told = await exchange(server.port, `GET ${url} HTTP/1.1\r\n${host}${close}${field}\r\n\r\n`);
    expect(statuses(told).filter((status) => status !== 100)).toEqual([200]);
    expect(bodyOf(told)).toBe(plain);
    expect(told).not.toMatch(/evil|gopher/);
    expect(told).not.toMatch(/^(vary|set-cookie|location):/im);
  });

  it('depends on Accept under f_auto alone, and says so', async () => {
    const url = '/img/cat/w_41,f_auto';
    const told = await exchange(server.port, `GET ${url} HTTP/1.1\r\n${host}${close}Accept: image/webp\r\n\r\n`);
    expect(told).toMatch(/^vary: Accept\r$/im);
    expect(told).toMatch(/^content-type: image\/webp\r$/im);
  });
});

function bodyOf(told: string): string {
  return told.slice(told.lastIndexOf('\r\n\r\n') + 4);
}

describe('The log', () => {
  it('has a line for every refusal, also for what never became a request', async () => {
    const before = [server.below.length, server.log.length];
    await exchange(server.port, `GET /nowhere/\x1b[31m HTTP/1.1\r\n${host}${close}\r\n`);
    await exchange(server.port, 'nonsense\r\n\r\n');
    await exchange(server.port, `GET /${'a'.repeat(3000)} HTTP/1.1\r\n${host}Host: x\r\n\r\n`);
    await exchange(server.port, `GET /${'b'.repeat(3000)}/s--c2VjcmV0-- HTTP/1.1\r\n${host}${close}\r\n`);
    await exchange(server.port, `GET /img/cat/s--c2VjcmV0c2VjcmV0--/w_9?token=hidden HTTP/1.1\r\n${host}${close}\r\n`);
    const lines = [...server.below.slice(before[0]), ...server.log.slice(before[1])];
    expect(lines.length).toBe(5);
    expect(Math.max(...lines.map(({ path }) => path.length))).toBeLessThanOrEqual(200);
    expect(JSON.stringify(lines)).not.toMatch(/c2VjcmV0|hidden|\x1b/);
  });
});

import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { isPublic } from '../../../src/source/address.ts';
import { type Allowance, allowHosts, allowOrigin } from '../../../src/source/allowance.ts';
import { bytesOfAnswer, Web, type WebOptions } from '../../../src/source/web.ts';
import { type Answer, type Remote, startRemote } from '../../support/remote.ts';

describe('An address', () => {
  it.each([
    ['93.184.216.34', true],
    ['8.8.8.8', true],
    ['2606:2800:220:1::1', true],
    ['::ffff:8.8.8.8', true],
    ['0.0.0.0', false],
    ['10.0.0.1', false],
    ['100.64.0.1', false],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['169.254.169.254', false],
    ['172.31.0.9', false],
    ['192.0.0.8', false],
    ['192.88.99.1', false],
    ['192.168.1.1', false],
    ['198.18.0.1', false],
    ['203.0.113.1', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::7f00:1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:0:127.0.0.1', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b:1::1', false],
    ['100::1', false],
    ['2001::1', false],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['3fff::1', false],
    ['5f00::1', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['localhost', false],
    ['', false],
  ])('%s is one of the open internet: %s', (address, expected) => {
    expect(isPublic(address)).toBe(expected);
  });
});

describe('A host of the list', () => {
  const hosts = allowHosts(['good.example', '.cdn.example']);
  it.each([
    ['https://good.example/a.jpg', true],
    ['http://GOOD.example./a.jpg?x=1', true],
    ['https://good.example:443/a', true],
    ['http://good.example/a%20b.jpg', true],
    ['https://good.example/p/../a.jpg', true],
    ['http://img.cdn.example/a', true],
    ['http://a.b.cdn.example/a', true],
    ['http://cdn.example/a', false],
    ['http://.cdn.example/a', false],
    ['http://evilcdn.example/a', false],
    ['http://evilgood.example/a', false],
    ['http://good.example.evil.test/a', false],
    ['http://good.example@evil.test/', false],
    ['http://user:pass@good.example/', false],
    ['http://user@good.example/', false],
    ['http://good.example:6379/', false],
    ['http://good.example:8080/', false],
    ['ftp://good.example/', false],
    ['file://good.example/etc/passwd', false],
    ['http://127.0.0.1?@good.example/', false],
    ['http://127.0.0.1:80\\@@good.example:80/', false],
    ['http://xn--good-.example/', false],
  ])('%s may be asked: %s', (url, expected) => {
    expect(URL.canParse(url) && hosts.url(new URL(url))).toBe(expected);
  });
});

/** Names that stand for what we say, the next time for the next. */
function names(told: Readonly<Record<string, readonly (readonly string[])[]>>): LookupFunction {
  const asked = new Map<string, number>();
  return (hostname, _options, callback) => {
    const times = asked.get(hostname) ?? 0;
    asked.set(hostname, times + 1);
    const answers = told[hostname] ?? [];
    const addresses = answers[Math.min(times, answers.length - 1)] ?? [];
    const found: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    callback(null, found);
  };
}

/** The list, but at any port: what is to be refused must have a listener to miss. */
const anyPort = (inner: Allowance): Allowance => ({
  ...inner,
  url: (url) => {
    const usual = new URL(url);
    usual.port = '';
    return inner.url(usual);
  },
});

let web: Web | null = null;
const open = (options: Partial<WebOptions> = {}): Web => {
  web = new Web({
    allowance: anyPort(allowHosts(['*'])),
    deadline: 10_000,
    pseudonym: 'us',
    sparedAfter: 'answers',
    ...options,
  });
  return web;
};
afterEach(async () => {
  await web?.close();
  web = null;
});

const kindOf = async (work: Promise<unknown>): Promise<readonly [string, string]> => {
  const thrown: unknown = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  return thrown instanceof Failure ? [thrown.kind, thrown.message] : ['none', String(thrown)];
};
const refusal = ['forbidden', 'This server may not fetch from this URL; TINTYPE_FETCH lists the allowed hosts'];
const unreachable = ['source-unreachable', 'No image could be fetched from this URL'];

describe('What is not of the open internet', () => {
  let remote: Remote;
  beforeAll(async () => {
    remote = await startRemote((_request, response) => response.end('secret'));
  });
  afterAll(() => remote.close());

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0x0.0x0.0x1',
    '0177.00.00.01',
    '127.0.1',
    '127.1',
    '127.0.0.1.',
    '0',
    '0.0.0.0',
    '017700000001',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[::1]',
    '[::]',
    '１２７．０．０．１',
    '①②⑦.0.0.1',
    '%31%32%37.0.0.1',
    'localhost',
    'LOCALHOST',
    'ip6-localhost',
    'localhost.',
    'loc‍alhost',
    'metadata',
    '169.254.169.254',
    '[fe80::1%25eth0]',
    '256.256.256.256',
    'user:pass@127.0.0.1',
  ])('is never connected to: %s', async (host) => {
    expect(await kindOf(open().get(`http://${host}:${remote.port}/`))).toEqual(refusal);
    expect(remote.connections).toBe(0);
  });

  it.each(['file:///etc/passwd', 'dict://127.0.0.1:11211/', 'data:,x', 'http://', '', '///x', 'x'])(
    'nor is anything but HTTP: %s',
    async (url) => {
      expect(await kindOf(open().get(url))).toEqual(refusal);
    },
  );

  it.each<[string, readonly (readonly string[])[]]>([
    ['a private address', [['10.0.0.5']]],
    ['loopback', [['127.0.0.1']]],
    ['loopback of IPv6', [['::1']]],
    ['loopback inside IPv6', [['::ffff:127.0.0.1']]],
    ['a public and a private address', [['93.184.216.34', '127.0.0.1']]],
    ['a private one among many of IPv6', [['2606:2800:220:1::1', 'fd00::1']]],
    ['the metadata of a cloud', [['169.254.169.254']]],
    ['nothing', [[]]],
  ])('is not reached by a name that stands for %s', async (_what, answers) => {
    const lookup = names({ 'fake.test': answers });
    expect(await kindOf(open({ lookup }).get(`http://fake.test:${remote.port}/`))).toEqual(refusal);
    expect(remote.connections).toBe(0);
  });

  it('sounds the same as a name that nobody knows', async () => {
    const lookup: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    expect(await kindOf(open({ lookup }).get('http://vault.internal.test/'))).toEqual(refusal);
  });

  it('is not reached by a name that changes its mind: what was checked is what is connected to', async () => {
    // The first answer leads to a public address, which this network does not have; nobody asks twice.
    let asked = 0;
    const lookup: LookupFunction = (_hostname, _options, callback) => {
      asked += 1;
      callback(null, [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
    };
    const allowance = { url: () => true, address: (address: string) => address === '192.0.2.1' };
    await kindOf(open({ lookup, allowance, deadline: 300 }).get(`http://rebind.test:${remote.port}/`));
    expect([asked, remote.connections]).toEqual([1, 0]);
  });

  it('is left at once where a socket turns out to lead there after all', async () => {
    let checks = 0;
    // Says yes to the name's address and no to the socket's, as if a proxy stood between.
    const allowance = { url: () => true, address: () => ++checks === 1 };
    const lookup = names({ 'odd.test': [['127.0.0.1']] });
    expect(await kindOf(open({ lookup, allowance }).get(`http://odd.test:${remote.port}/`))).toEqual(refusal);
    expect(remote.asked).toEqual([]);
  });
});

describe('A redirect', () => {
  const locations: Record<string, string> = {
    '/inside': 'http://169.254.169.254/latest',
    '/localhost': 'http://localhost:1/',
    '/file': 'file:///etc/passwd',
    '/self': '/self',
    '/backslash': '\\\\10.0.0.1\\x',
    '/1': '/2',
    '/2': '/3',
    '/3': '/end',
    '/4': '/1',
  };
  const answer: Answer = (request, response) => {
    const location = locations[request.url ?? ''];
    if (request.url === '/end') response.end('picture');
    else response.writeHead(request.url === '/300' ? 300 : 302, location === undefined ? {} : { location }).end();
  };
  let remote: Remote;
  beforeAll(async () => {
    remote = await startRemote(answer);
  });
  afterAll(() => remote.close());
  const get = (path: string) => open({ allowance: allowOrigin(remote.origin) }).get(remote.origin + path);

  it.each(['/inside', '/localhost', '/file', '/backslash'])('%s is checked like a first URL', async (path) => {
    expect(await kindOf(get(path))).toEqual(refusal);
  });

  it.each(['/self', '/nowhere', '/300', '/4'])('%s leads nowhere', async (path) => {
    expect(await kindOf(get(path))).toEqual(unreachable);
  });

  it('is followed three times', async () => {
    const bytes: Uint8Array[] = [];
    for await (const chunk of bytesOfAnswer(await get('/1'))) bytes.push(chunk);
    expect(Buffer.concat(bytes).toString()).toBe('picture');
  });
});

describe('A hostile server', () => {
  const answer: Answer = (request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/status/')) response.writeHead(Number(path.slice(8))).end();
    else if (path === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    else if (path === '/cut') response.writeHead(200, { 'content-length': '1000' }).write('x', () => request.destroy());
    else if (path === '/hang-up') request.destroy();
    else if (path === '/body-stalls') response.writeHead(200).write('x');
    else if (path === '/endless-head') response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end();
  };
  let remote: Remote;
  beforeAll(async () => {
    remote = await startRemote(answer);
  });
  afterAll(() => remote.close());

  it.each([
    ['/status/204'],
    ['/status/206'],
    ['/status/401'],
    ['/status/429'],
    ['/status/500'],
    ['/gzip'],
    ['/cut'],
    ['/hang-up'],
    ['/stalls'],
    ['/body-stalls'],
    ['/endless-head'],
  ])('at %s is one sentence for whoever asked', async (path) => {
    const web = open({ allowance: allowOrigin(remote.origin), deadline: 500 });
    const read = async () => {
      const bytes: Uint8Array[] = [];
      for await (const chunk of bytesOfAnswer(await web.get(remote.origin + path))) bytes.push(chunk);
    };
    expect(await kindOf(read())).toEqual(unreachable);
  });

  it('is spared after five failures in a row, and no other with it', async () => {
    const web = open({ allowance: { url: () => true, address: () => true } });
    const other = await startRemote((_request, response) => response.end('x'));
    const refusing = await startRemote((_request, response) => response.writeHead(403).end());
    const before = remote.asked.length;
    for (let time = 0; time < 20; time++) {
      expect(await kindOf(web.get(`${remote.origin}/status/500`))).toEqual(unreachable);
    }
    expect(remote.asked.length - before).toBe(5);
    // A refusal of one picture says nothing about the next.
    for (let time = 0; time < 9; time++) await kindOf(web.get(`${refusing.origin}/`));
    expect(refusing.asked).toHaveLength(9);
    expect(await web.get(other.origin)).toMatchObject({ status: 200 });
    await web.close();
    await Promise.all([other.close(), refusing.close()]);
  });

  it('is not spared for URLs that fail, where clients choose them', async () => {
    const web = open({ allowance: { url: () => true, address: () => true }, sparedAfter: 'connections' });
    const before = remote.asked.length;
    for (let time = 0; time < 7; time++) await kindOf(web.get(`${remote.origin}/status/500`));
    expect(remote.asked.length - before).toBe(7);
    await web.close();
  });

  it('that is not there at all sounds the same', async () => {
    const closed = await startRemote(() => {});
    await closed.close();
    expect(await kindOf(open({ allowance: allowOrigin(closed.origin) }).get(closed.origin))).toEqual(unreachable);
  });

  it('learns our name, and nothing else of us', async () => {
    const said = await startRemote((_request, response) => response.end('x'));
    const answered = await open({ allowance: allowOrigin(said.origin) }).get(said.origin);
    answered.body.destroy();
    expect(said.seen[0]?.headers).toEqual({
      host: `127.0.0.1:${said.port}`,
      connection: 'keep-alive',
      accept: 'image/*',
      'accept-encoding': 'identity',
      via: '1.1 us',
    });
    await web?.close();
    await said.close();
  });
});

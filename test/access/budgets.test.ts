import { afterEach, describe, expect, it, vi } from 'vitest';
import { LocalCluster } from '../../src/cluster/local.ts';
import { readConfig } from '../../src/config/index.ts';
import type { Failure } from '../../src/errors.ts';
import { ClientAddress } from '../../src/http/auth/client-address.ts';
import type { HttpContext } from '../../src/http/message/route.ts';
import { Budget } from '../../src/library/variants/budget.ts';
import { header, type Running, solid, startTintype } from '../support/tintype.ts';

let running: Running | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await running?.close();
  running = null;
});

const megapixel = 1_000_000;

async function refusal(charge: () => Promise<void>): Promise<Failure | null> {
  try {
    await charge();
    return null;
  } catch (thrown) {
    return thrown as Failure;
  }
}

describe('Threat H5: a budget', () => {
  it('is spent by one client alone and fills up again within a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const budget = new Budget({ budget: 10 * megapixel }, new LocalCluster());
    await budget.charge('a', 'cat', 4 * megapixel);
    await budget.charge('a', 'dog', 9 * megapixel);
    const refused = await refusal(() => budget.charge('a', 'fox', 1));
    expect([refused?.kind, refused?.headers]).toEqual([
      'over-budget',
      {
        'Retry-After': '18',
        'RateLimit-Policy': '"client";q=10;w=60;qu="megapixels"',
        RateLimit: '"client";r=0;t=18',
      },
    ]);
    await budget.charge('b', 'fox', 1);
    vi.advanceTimersByTime(19_000);
    await budget.charge('a', 'fox', 1);
  });

  it('is one of an original too, whoever asks', async () => {
    const budget = new Budget({ budget: megapixel }, new LocalCluster());
    await budget.charge('a', 'cat', 2 * megapixel);
    expect((await refusal(() => budget.charge('b', 'cat', 1)))?.message).toContain('for one original');
    expect(await refusal(() => budget.charge('b', 'dog', 1))).toBeNull();
  });

  it('that is off refuses nobody', async () => {
    const budget = new Budget({ budget: null }, new LocalCluster());
    for (let time = 0; time < 1000; time++) await budget.charge('a', 'cat', 1e12);
  });

  it('is asked for renders alone: hits are answered to those who have spent theirs', async () => {
    running = await startTintype({ TINTYPE_WORKERS: 'none', TINTYPE_BUDGET: '1MP' });
    expect((await running.put('cat', await solid('#ff8800', 3000, 2000))).status).toBe(201);
    expect((await running.get('/img/cat/w_9')).status).toBe(200);
    const refused = await running.get('/img/cat/w_10');
    expect([refused.status, header(refused, 'cache-control'), header(refused, 'ratelimit')]).toEqual([
      429,
      'no-store',
      expect.stringMatching(/^"client";r=0;t=\d+$/),
    ]);
    expect(Number(header(refused, 'retry-after'))).toBeGreaterThan(0);
    expect((await running.get('/img/cat/w_9')).status).toBe(200);
  });
});

describe('Several formats of one picture', () => {
  it('are asked for at once: whoever has anything left gets the smallest', async () => {
    running = await startTintype({ TINTYPE_WORKERS: 'none', TINTYPE_BUDGET: '1MP' });
    expect((await running.put('cat', await solid('#ff8800', 3000, 2000))).status).toBe(201);
    const modern = { accept: 'image/avif,image/webp' };
    expect((await running.get('/img/cat/f_auto,w_9', modern)).status).toBe(200);
    expect((await running.get('/img/cat/f_auto,w_10', modern)).status).toBe(429);
  });
});

describe('A client is', () => {
  const proxies = readConfig({ TINTYPE_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8,192.0.2.7' }).trustedProxies;
  const of = (peer: string, forwarded?: string) =>
    new ClientAddress(proxies).of({
      env: { incoming: { socket: { remoteAddress: peer } } },
      req: { header: () => forwarded },
    } as unknown as HttpContext);

  it.each([
    ['whoever the connection comes from', '203.0.113.9', undefined, '203.0.113.9'],
    ['not whom a stranger names', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['whom a trusted proxy names', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['whom the first proxy that is not trusted names', '10.1.2.3', '1.2.3.4, 198.51.100.1, 192.0.2.7', '198.51.100.1'],
    ['the proxy where it names nobody', '10.1.2.3', 'unknown', '10.1.2.3'],
    ['the last that was understood', '10.1.2.3', 'nonsense, 10.9.9.9', '10.9.9.9'],
    ['the same over IPv4 in IPv6', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['a whole customer of IPv6', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['the same customer, written shorter', '2001:0DB8:1:2::9', undefined, '2001:db8:1:2::/64'],
    ['whom a proxy on IPv6 names', 'fd00::1', '2001:db8::1', '2001:db8:0:0::/64'],
    ['nobody where there is no connection', '', '198.51.100.1', ''],
  ])('%s', (_who, peer, forwarded, expected) => {
    expect(of(peer, forwarded)).toBe(expected);
  });

  it.each(['10.0.0.0/33', 'example.com', '10.0.0.1/', '10.0.0.0/8/8', ',', '::1/129', '10.0.0.0/0'])(
    'found behind no such proxy: %s stops the start',
    (value) => {
      expect(() => readConfig({ TINTYPE_TRUSTED_PROXIES: value })).toThrow('TINTYPE_TRUSTED_PROXIES');
    },
  );
});

describe('Threat E3: a cap of variants', () => {
  it('above it pictures are answered but not stored; other originals are stored', async () => {
    running = await startTintype({
      TINTYPE_WORKERS: 'none',
      TINTYPE_MEMORY: '0MB',
      TINTYPE_VARIANTS_PER_ORIGINAL: '5',
    });
    const server = running;
    for (const id of ['cat', 'dog']) expect((await server.put(id, await solid('#ff8800'))).status).toBe(201);
    const states: string[] = [];
    for (let width = 1; width <= 8; width++) {
      const answer = await server.get(`/img/cat/w_${width}`);
      expect(answer.status).toBe(200);
      states.push(header(answer, 'cache-status').split('; ').slice(2).join(' '));
    }
    expect(states.map((state) => state.startsWith('stored'))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(header(await server.get('/img/dog/w_1'), 'cache-status')).toContain('stored');
    running = await running.restart();
    const restarted = running;
    // Replies do not wait for the count: the first after a restart cannot know it yet.
    await expect
      .poll(async () => header(await restarted.get('/img/cat/w_8'), 'cache-status'))
      .toContain('fwd=miss; detail=unsaved');
    expect(header(await running.get('/img/cat/w_3'), 'cache-status')).toContain('hit; detail=bucket');
  });
});

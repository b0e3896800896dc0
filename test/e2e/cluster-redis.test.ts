import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { RedisCluster } from '../../src/cluster/redis.ts';
import { clusterContract } from '../contract/cluster.ts';
import { RedisServer } from './support/redis.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

/** Milliseconds; the shorter, the sooner all of this is through. */
const lease = 400;
const bound = 600;
const long = 20_000;

let redis: RedisServer;
let unreadable = 0;
const open: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  redis = await RedisServer.start();
});
afterEach(async () => {
  await redis.up();
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(() => redis.close());

/** A node once it hears; `url`: another way to the same Redis. */
async function join(name: string, url = redis.url): Promise<RedisCluster> {
  const node = new RedisCluster({ url, name, bound, lease, report: () => {}, onUnreadable: () => unreadable++ });
  open.push(node);
  await vi.waitFor(() => expect(node.state).toBe('joined'), { timeout: long, interval: 5 });
  return node;
}

describe('Redis', () => {
  let pair: readonly RedisCluster[] = [];
  beforeAll(async () => {
    const name = randomUUID();
    pair = [await join(name), await join(name)];
    open.length = 0;
    // Each learns of the other with its next beat.
    await vi.waitFor(() => expect(pair.map(({ nodes }) => nodes)).toEqual([2, 2]), { timeout: long });
    // A Redis that has just come up may have forgotten somebody, who is waited for.
    await pair[0]?.publish({});
  });
  afterAll(() => Promise.all(pair.map((node) => node.close())));

  clusterContract('A cluster by Redis', async () => {
    for (const what of ['making', 'account', 'count']) await redis.forget(`*}:${what}:*`);
    let next = 0;
    const node = async () => pair[next++ % 2] ?? expect.fail('no node');
    return { node, close: async () => {} };
  });
});

/** Two nodes, and what stands between Redis and the second. */
async function twoNodes() {
  const name = randomUUID();
  const proxy = await TcpProxy.start(redis.port);
  open.push(proxy);
  const [teller, hearer] = [await join(name), await join(name, proxy.url)];
  await teller.publish({});
  const heard: string[] = [];
  hearer.listen(({ ids }) => heard.push(...ids));
  return { teller, hearer, proxy, heard };
}

describe('A node that cannot be told', () => {
  test('is waited for until it believes nothing, and believes nothing that it read before once it hears again', async () => {
    const { teller, hearer, proxy, heard } = await twoNodes();
    const read = performance.now();
    expect(hearer.isInSync(read)).toBe(true);
    proxy.hold('what hears');
    expect(await teller.publish({ ids: ['cat'] })).toBe(0);
    expect([hearer.isInSync(read), heard]).toEqual([false, []]);
    // Commands go through all the while: asking is not hearing.
    expect(await hearer.count('any', long)).toBe(1);
    // The connection is given up, and the next one held as well.
    await new Promise((resolve) => setTimeout(resolve, lease * 3));
    proxy.hold('nothing');
    await expect.poll(() => hearer.state, { timeout: long }).toBe('joined');
    expect(hearer.isInSync(read)).toBe(false);
    expect([await teller.publish({ ids: ['dog'] }), heard.at(-1)]).toEqual([1, 'dog']);
  });

  test('because it is cut off believes nothing from that moment on', async () => {
    const { teller, hearer, proxy } = await twoNodes();
    const read = performance.now();
    await proxy.cut();
    await expect.poll(() => hearer.isInSync(read), { interval: 1, timeout: lease / 2 }).toBe(false);
    await teller.publish({ ids: ['cat'] });
    await proxy.accept();
    await expect.poll(() => hearer.state, { timeout: long }).toBe('joined');
    expect([hearer.isInSync(read), await teller.publish({})]).toEqual([false, 1]);
  });

  test('and cannot ask either comes back by itself, though its connections were never closed', async () => {
    const { teller, hearer, proxy } = await twoNodes();
    proxy.hold('all');
    await expect.poll(() => hearer.state, { timeout: long }).toBe('disconnected');
    expect(await hearer.count('mine', long)).toBe(1);
    // Long enough for both connections to be given up.
    await new Promise((resolve) => setTimeout(resolve, lease * 3));
    proxy.hold('nothing');
    await expect.poll(() => teller.publish({}), { timeout: long }).toBe(1);
  });

  test('works on alone: it takes names, and what it had taken does not stand', async () => {
    const { teller, hearer, proxy } = await twoNodes();
    const before = await hearer.acquire(['a'], long);
    expect(await teller.acquire(['a'], long)).toBeNull();
    await proxy.cut();
    await expect.poll(() => before?.isHeld(), { timeout: long }).toBe(false);
    expect((await hearer.acquire(['b'], long))?.isHeld()).toBe(true);
    await expect.poll(() => teller.acquire(['a'], long), { timeout: long }).not.toBeNull();
  });

  test('whose names are free again when its lease is over', async () => {
    const { teller, hearer, proxy } = await twoNodes();
    await hearer.acquire(['a'], long);
    await proxy.cut();
    const asked = performance.now();
    await expect.poll(() => teller.acquire(['a'], long), { interval: 5, timeout: long }).not.toBeNull();
    expect(performance.now() - asked).toBeLessThan(lease * 10);
  });
});

describe('A node that leaves', () => {
  test('is not waited for, and what it had is free', async () => {
    const { teller, hearer } = await twoNodes();
    await hearer.acquire(['a'], long);
    await hearer.close();
    expect(await teller.acquire(['a'], long)).not.toBeNull();
    expect(await teller.publish({})).toBe(0);
  });
});

describe('Without Redis', () => {
  test('who tells waits for as long as anybody believes what he knows', async () => {
    const { teller, hearer } = await twoNodes();
    await redis.kill();
    const [asked, read] = [performance.now(), performance.now()];
    await teller.publish({ ids: ['cat'] });
    expect(performance.now() - asked).toBeGreaterThanOrEqual(bound);
    expect(hearer.isInSync(read)).toBe(false);
    expect([teller.state, teller.nodes, await teller.charge(['a'], 1, 100)]).toEqual(['disconnected', 1, null]);
  });

  test('all is as before once there is another, which waits for nodes it never knew', async () => {
    const { teller, hearer, proxy, heard } = await twoNodes();
    // The hearer does not notice: nothing is closed, and what it hears is old.
    const read = performance.now();
    proxy.hold('all');
    await redis.kill();
    await redis.up();
    await expect.poll(() => teller.state, { timeout: long, interval: 5 }).toBe('joined');
    await teller.publish({ ids: ['cat'] });
    expect(hearer.isInSync(read)).toBe(false);
    proxy.hold('nothing');
    await expect.poll(() => teller.publish({ ids: ['dog'] }), { timeout: long }).toBe(1);
    expect(heard.at(-1)).toBe('dog');
  });
});

describe('A message of an unknown shape', () => {
  test.each([
    'null',
    '[]',
    'torn {',
    '{"kind":"news","from":"a","nth":1}',
    '{"kind":"news","from":"a","nth":1,"news":{"ids":null,"everything":false}}',
    '{"kind":"news","version":2,"from":"a","nth":1,"news":{"ids":["cat"],"everything":false}}',
    '{"kind":"heard","from":{},"nth":"1"}',
    '{"kind":"freed","names":"cat"}',
  ])('(%s) is ignored and counted, and the node stays joined', async (text) => {
    const name = randomUUID();
    const [node, other] = [await join(name), await join(name)];
    const heard: string[] = [];
    node.listen(({ ids }) => heard.push(...ids));
    const read = performance.now();
    const before = unreadable;
    await redis.publish(`{tintype ${name}}:news`, text);
    await vi.waitFor(() => expect(unreadable).toBe(before + 2), { timeout: long, interval: 5 });
    expect([node.state, node.isInSync(read)]).toEqual(['joined', true]);
    await other.publish({ ids: ['dog'] });
    expect(heard).toEqual(['dog']);
  });
});

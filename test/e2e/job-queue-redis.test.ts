import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BullQueue } from '../../src/jobs/bullmq.ts';
import { type JobQueue, maxDeaths } from '../../src/jobs/job-queue.ts';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { openStore } from '../../src/store/index.ts';
import { jobQueueContract } from '../contract/job-queue.ts';
import { startOn } from '../contract/job-queue-work.ts';
import { reachable } from '../contract/reachable.ts';
import { RedisServer } from './support/redis.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start();
});
afterAll(() => redis.close());

/** Long enough that what Redis hands on is handed on by Redis. */
const never = 3_600_000;

async function openFolder(): Promise<{ readonly store: BlobStore; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-bull-'));
  const store = await openStore(`file:${folder}/store`, { scratchFolder: join(folder, 'scratch'), scratchBytes: 1e8 });
  const close = async () => {
    await store.close();
    await rm(folder, { recursive: true });
  };
  return { store, close };
}

jobQueueContract('The queue on Redis', async () => {
  const { store, close } = await openFolder();
  const usual = {
    sole: false,
    concurrency: 2,
    trustedNow: Date.now,
    report: () => {},
    lease: 500,
    pause: 1,
    poll: 100,
  };
  // Who is dead reaches Redis no more than the store.
  const ways = await Promise.all(Array.from({ length: maxDeaths }, () => TcpProxy.start(redis.port)));
  const free = ways.values();
  return {
    node: () => new BullQueue({ ...usual, store, redis: redis.url }),
    mortal: () => {
      const reached = reachable(store);
      const { value: way } = free.next();
      if (way === undefined) throw new Error('Expected a way to Redis for each that is to die');
      const kill = () => {
        reached.cut();
        void way.close();
      };
      return { queue: new BullQueue({ ...usual, store: reached.store, lease: 60, redis: way.url }), kill };
    },
    close: async () => {
      await Promise.all(ways.map((way) => way.close()));
      await close();
    },
  };
});

describe('Jobs on Redis', () => {
  const usual = { sole: false, concurrency: 2, trustedNow: Date.now, report: () => {}, poll: never };
  async function withQueues(work: (open: (url: string, poll?: number) => JobQueue) => Promise<void>): Promise<void> {
    const { store, close } = await openFolder();
    const queues: JobQueue[] = [];
    const open = (url: string, poll = never) => {
      const queue = new BullQueue({ ...usual, store, poll, redis: url });
      queues.push(queue);
      return queue;
    };
    try {
      await work(open);
    } finally {
      for (const queue of queues) await queue.close();
      await close();
    }
  }

  test('are handed on by it: nobody has to look for them', () =>
    withQueues(async (open) => {
      const worker = startOn(open(redis.url), { echo: async ({ job }) => [job.input] });
      const asker = open(redis.url);
      await expect.poll(() => asker.find('nobody')).toBeNull();
      const jobs = await Promise.all(Array.from({ length: 50 }, (_, nth) => asker.add({ kind: 'echo', input: nth })));
      await worker.until(() => worker.ended.length === 50);
      for (const { id, input } of jobs)
        expect(await asker.find(id)).toMatchObject({ status: 'complete', results: [input] });
    }));

  test('go on without it, and those it lost are found again', () =>
    withQueues(async (open) => {
      const proxy = await TcpProxy.start(redis.port);
      const done: unknown[] = [];
      const work = { once: async ({ job }: { readonly job: { readonly input: unknown } }) => [done.push(job.input)] };
      const asker = open(proxy.url);
      await asker.add({ kind: 'once', input: 'kept by Redis' });
      await redis.kill();
      await asker.add({ kind: 'once', input: 'kept without' });
      await redis.up();
      const worker = startOn(open(redis.url, 50), work);
      await worker.until(() => worker.ended.length === 2);
      expect(new Set(done)).toEqual(new Set(['kept by Redis', 'kept without']));
      await redis.kill();
      const own = startOn(asker, work);
      await asker.add({ kind: 'once', input: 'done by itself' });
      await own.until(() => own.ended.length === 1);
      expect(done).toHaveLength(3);
      await redis.up();
      // Who began while it was away is handed jobs by it too, and a worker that was there before it went.
      const other = open(redis.url);
      const [before, wanted] = [worker.ended.length + own.ended.length, 20];
      for (let nth = 0; nth < wanted; nth++) await other.add({ kind: 'once', input: nth });
      await expect.poll(() => worker.ended.length + own.ended.length, { timeout: 30_000 }).toBe(before + wanted);
      expect(new Set(done).size).toBe(done.length);
      await redis.kill();
      const last = open(proxy.url);
      await last.close();
      await redis.up();
      await proxy.close();
    }));
});

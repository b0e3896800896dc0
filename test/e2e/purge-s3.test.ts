import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { currentPrefix } from '../../src/library/storage-keys.ts';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { openStore } from '../../src/store/index.ts';
import { shelve, stopRenderer } from '../support/library.ts';
import { solid } from '../support/tintype.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import { startS3 } from './support/rgw.ts';

const variants = 2500;
let proxy: FaultProxy;
/** Through the proxy, which sees what is asked, and past it. */
let store: BlobStore;
let direct: BlobStore;
let scratchFolder: string;

beforeAll(async () => {
  const s3 = await startS3();
  proxy = await FaultProxy.start(s3.endpoint);
  scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-purge-'));
  const bucket = await s3.bucket();
  const open = (endpoint: string) => {
    const s3 = { endpoint, forcePathStyle: true, deadline: 10_000, concurrency: 64 };
    return openStore(`s3://${bucket}`, { scratchFolder, scratchBytes: 10_000_000, s3 });
  };
  store = await open(proxy.endpoint);
  direct = await open(s3.endpoint);
});
afterAll(async () => {
  await store.close();
  await direct.close();
  await stopRenderer();
  await proxy.close();
  await rm(scratchFolder, { recursive: true });
});

it(`A purge of ${variants} variants in S3 takes three pages of names and three deletions`, async () => {
  const node = await shelve(store);
  const { original } = await node.put('cat', await solid('#00ff00'));
  const keys = Array.from({ length: variants }, (_, index) => `${currentPrefix(0, original)}h${index}.9x9.png`);
  for (let first = 0; first < variants; first += 250) {
    await Promise.all(keys.slice(first, first + 250).map((key) => direct.put(key, new Uint8Array(8))));
  }
  await node.library.rename('cat');
  proxy.calm();
  expect((await node.library.drop('cat')).bucket.objects).toBe(variants);
  const asked = proxy.seen.map(({ method, url }) => (url.includes('list-type=2') ? 'list' : method));
  expect(asked.filter((each) => each === 'list')).toHaveLength(3);
  expect(asked.filter((each) => each !== 'list')).toEqual(['POST', 'POST', 'POST']);
});

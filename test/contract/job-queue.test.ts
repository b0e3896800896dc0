import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../src/errors.ts';
import { openQueue } from '../../src/jobs/index.ts';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { openStore } from '../../src/store/index.ts';
import { type JobBench, jobQueueContract } from './job-queue.ts';

/** Processes that share a store: short leases, so that what one leaves the next finds soon. */
async function benchOn(address: (folder: string) => string): Promise<JobBench> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-jobs-'));
  const store = await openStore(address(folder), { scratchFolder: join(folder, 'scratch'), scratchBytes: 1e8 });
  const usual = { sole: false, concurrency: 2, report: () => {}, lease: 500, pause: 1, poll: 20 };
  return {
    node: () => openQueue({ ...usual, store }),
    mortal: () => {
      const reached = reachable(store);
      return { queue: openQueue({ ...usual, store: reached.store, lease: 60 }), kill: reached.cut };
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The same store, until the way to it is cut. */
function reachable(store: BlobStore): { readonly store: BlobStore; readonly cut: () => void } {
  let isCut = false;
  const refuse = () => Promise.reject(new Failure('store-unreachable', 'The way to the store is cut'));
  const reached = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return isCut ? refuse : member.bind(target);
    },
  });
  const cut = () => {
    isCut = true;
  };
  return { store: reached, cut };
}

jobQueueContract('The embedded queue in memory', () => benchOn(() => 'memory:'));
jobQueueContract('The embedded queue in a folder', () => benchOn((folder) => `file:${folder}/store`));

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedQueue } from '../../src/jobs/embedded.ts';
import { openStore } from '../../src/store/index.ts';
import { type JobBench, jobQueueContract } from './job-queue.ts';
import { reachable } from './reachable.ts';

/** Processes that share a store: short leases, so that what one leaves the next finds soon. */
async function benchOn(address: (folder: string) => string): Promise<JobBench> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-jobs-'));
  const store = await openStore(address(folder), { scratchFolder: join(folder, 'scratch'), scratchBytes: 1e8 });
  const usual = { sole: false, concurrency: 2, trustedNow: Date.now, report: () => {}, lease: 500, pause: 1, poll: 20 };
  return {
    node: () => new EmbeddedQueue({ ...usual, store }),
    mortal: () => {
      const reached = reachable(store);
      return { queue: new EmbeddedQueue({ ...usual, store: reached.store, lease: 60 }), kill: reached.cut };
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

jobQueueContract('The embedded queue in memory', () => benchOn(() => 'memory:'));
jobQueueContract('The embedded queue in a folder', () => benchOn((folder) => `file:${folder}/store`));

import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { EmbeddedQueue } from '../../../../src/jobs/embedded.ts';
import { sweepJobOfPeriod } from '../../../../src/library/maintenance/sweep-job.ts';
import { openStore } from '../../../../src/store/index.ts';

it('The sweep of a period is done by one of many nodes', async () => {
  const store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 });
  const nodes = [0, 1, 2].map(
    () => new EmbeddedQueue({ store, sole: false, concurrency: 2, trustedNow: Date.now, report: () => {}, poll: 10 }),
  );
  const swept: string[] = [];
  const ended: string[] = [];
  const periods = [0, 1].map((nth) => 1_000_000 + nth * 60_000);
  const done = new Promise<void>((resolve) => {
    for (const node of nodes) {
      node.start({
        handlers: {
          sweep: async ({ job }) => {
            swept.push(job.id);
            return [];
          },
        },
        ended: async ({ id }) => {
          if (ended.push(id) === periods.length) resolve();
        },
      });
    }
  });
  // Their clocks differ a little.
  for (const [index, node] of nodes.entries()) {
    for (const now of periods) await node.add(sweepJobOfPeriod(now + index * 100, 60_000));
  }
  await done;
  await Promise.all(nodes.map((node) => node.close()));
  expect(swept.toSorted()).toEqual(['sweep-60000-16', 'sweep-60000-17']);
  await store.close();
});

import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedQueue } from '../../../src/jobs/embedded.ts';
import type { Work } from '../../../src/jobs/job-queue.ts';
import type { BlobStore } from '../../../src/store/blob-store.ts';
import { openStore } from '../../../src/store/index.ts';
import { signal, startOn } from '../../contract/job-queue-work.ts';

/** Nobody looks for jobs here, and no lease ends: what happens is told. */
const never = 3_600_000;

let store: BlobStore;
let queue: EmbeddedQueue;
/** Whether what is added is passed on. */
let isPassed: boolean;

beforeEach(async () => {
  store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e6 });
  isPassed = true;
  const pass = async () => isPassed;
  const times = { lease: never, pause: 1, poll: never };
  queue = new EmbeddedQueue({ ...times, store, sole: false, concurrency: 1, report: () => {}, pass });
});
afterEach(async () => {
  await queue.close();
  await store.close();
});

/** What a postman has done who comes with a job. */
const workOf = (handlers: Work['handlers']): Work => ({ handlers, ended: async () => {} });

describe('A queue that passes jobs on', () => {
  it('has room for its own once a job that was brought back to it has ended', async () => {
    const { rung, ring } = signal();
    const handlers = { wait: () => rung.then(() => []), echo: async () => ['done'] };
    const own = startOn(queue, handlers);
    const passed = await queue.add({ kind: 'wait', input: null });
    const brought = queue.do(passed.id, workOf(handlers));
    isPassed = false;
    const kept = await queue.add({ kind: 'echo', input: null });
    ring();
    expect(await brought).toBeNull();
    expect(await own.end(kept.id)).toMatchObject({ results: ['done'] });
  });

  it('does none twice at once, and ends with what it does itself', async () => {
    const begun = signal();
    let isOver = false;
    const handlers: Work['handlers'] = {
      long: (run) =>
        new Promise((resolve) => {
          run.signal.addEventListener('abort', () => setImmediate(() => resolve([(isOver = true)])));
          begun.ring();
        }),
    };
    startOn(queue, handlers);
    isPassed = false;
    const { id } = await queue.add({ kind: 'long', input: null });
    await begun.rung;
    expect(await queue.do(id, workOf(handlers))).toBeGreaterThan(Date.now());
    await queue.close();
    expect(isOver).toBe(true);
  });
});

import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmbeddedQueue } from '../../../src/jobs/embedded.ts';
import { endedJobLifetime, type JobWork } from '../../../src/jobs/job-queue.ts';
import { newRecord } from '../../../src/jobs/job-record.ts';
import { JobStore } from '../../../src/jobs/job-store.ts';
import type { BlobStore } from '../../../src/store/blob-store.ts';
import { openStore } from '../../../src/store/index.ts';
import { signal, startOn } from '../../contract/job-queue-work.ts';
import { movableTime } from '../../support/passing-time.ts';

/** Nobody looks for jobs here, and no lease ends: what happens is told. */
const never = 3_600_000;

let store: BlobStore;
let queue: EmbeddedQueue;
/** Whether what is added is passed on. */
let isPassed: boolean;
/** What the clock says, as far as it is trusted. */
let trusted: number | null;

beforeEach(async () => {
  store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e6 });
  isPassed = true;
  trusted = null;
  const pass = async () => isPassed;
  const times = { lease: never, pause: 1, poll: never };
  queue = new EmbeddedQueue({
    ...times,
    store,
    sole: false,
    concurrency: 1,
    trustedNow: () => trusted,
    report: () => {},
    pass,
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await queue.close();
  await store.close();
});

/** What a postman has done who comes with a job. */
const workOf = (handlers: JobWork['handlers']): JobWork => ({ handlers, ended: async () => {} });

describe('Jobs that ended long ago', () => {
  it.each([
    ['are forgotten', true, null],
    ['stay while the clock is not trusted', false, 'old'],
  ])('%s', async (_what, isTrusted, left) => {
    const kept = new JobStore(store);
    await kept.add(newRecord({ kind: 'x', input: null, id: 'old' }, Date.now()));
    await kept.removeIndexEntry('old');
    movableTime()(endedJobLifetime + 60_000);
    trusted = isTrusted ? Date.now() : null;
    queue.start(workOf({}));
    // Cleaning has begun by now, and each of its steps in memory takes a turn at most.
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect((await queue.find('old'))?.id ?? null).toBe(left);
  });
});

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
    const handlers: JobWork['handlers'] = {
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

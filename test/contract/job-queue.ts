import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { type JobQueue, type JobWork, type Json, maxTries } from '../../src/jobs/job-queue.ts';
import { dyingPromises, type Mortal } from './job-queue-dying.ts';
import { endless, signal, startOn } from './job-queue-work.ts';

/** Something that keeps jobs, and the processes around it. */
export interface JobBench {
  /** Another process on the same jobs; its pauses and leases are short enough for a test. */
  node(): JobQueue;
  /** One that can be killed: from then on nothing it does reaches the jobs. Others find soon what it leaves. */
  mortal(): Mortal;
  close(): Promise<void>;
}

/** The promises of `JobQueue`, each as one test. `open` gives a new, empty place. */
export function jobQueueContract(name: string, open: () => Promise<JobBench>): void {
  describe(`${name} keeps the promises of a job queue`, () => {
    let bench: JobBench;
    const nodes: JobQueue[] = [];
    const node = (): JobQueue => {
      const made = bench.node();
      nodes.push(made);
      return made;
    };
    const mortal = (): Mortal => {
      const made = bench.mortal();
      nodes.push(made.queue);
      return made;
    };

    beforeEach(async () => {
      bench = await open();
    });
    afterEach(async () => {
      await Promise.all(nodes.splice(0).map((each) => each.close()));
      await bench.close();
    });

    keepingPromises(node);
    tryingPromises(node);
    sharingPromises(node);
    dyingPromises(node, mortal);
  });
}

type Node = () => JobQueue;

function keepingPromises(node: Node): void {
  test('what is added is pending, and found by anyone', async () => {
    const job = await node().add({ kind: 'echo', input: { a: [1, null, 'x'] } });
    expect(job).toMatchObject({ kind: 'echo', status: 'pending', progress: 0, results: [], error: null });
    expect(Date.now() - Date.parse(job.createdAt)).toBeLessThan(60_000);
    expect(await node().find(job.id)).toEqual(job);
  });

  test('what was added before anyone worked is done by whoever comes', async () => {
    const job = await node().add({ kind: 'echo', input: 7 });
    const worker = node();
    const done = await startOn(worker, { echo: async (run) => [run.job.input] }).end(job.id);
    expect(done).toMatchObject({ id: job.id, status: 'complete', progress: 1, results: [7], error: null });
    expect(await worker.find(job.id)).toEqual(done);
  });

  test.each(['', 'no', 'a b', 'a/b', '../x', 'x'.repeat(101)])('nothing is found under %j', async (id) => {
    expect(await node().find(id)).toBeNull();
  });

  test('adding an id that stands adds nothing and answers what stands', async () => {
    const queue = node();
    const first = await queue.add({ id: 'one', kind: 'count', input: 1 });
    expect(await queue.add({ id: 'one', kind: 'count', input: 2 })).toEqual(first);
    const seen: Json[] = [];
    const work = startOn(queue, {
      count: async (run) => {
        seen.push(run.job.input);
        return [];
      },
    });
    await work.end('one');
    expect(await queue.add({ id: 'one', kind: 'count', input: 3 })).toMatchObject({ status: 'complete', input: 1 });
    await work.end((await queue.add({ kind: 'count', input: 'last' })).id);
    expect(seen).toEqual([1, 'last']);
  });

  test('an id that is none is a bug of ours', async () => {
    await expect(node().add({ id: 'a:b', kind: 'x', input: null })).rejects.toThrow(TypeError);
  });

  test('everyone sees how far a job is', async () => {
    const [told, seen] = [signal(), signal()];
    const queue = node();
    const job = await queue.add({ kind: 'slow', input: null });
    const work = startOn(queue, {
      slow: async (run) => {
        await run.report(0.5, ['half']);
        told.ring();
        await seen.rung;
        return ['half', 'whole'];
      },
    });
    await told.rung;
    expect(await node().find(job.id)).toMatchObject({ status: 'processing', progress: 0.5, results: ['half'] });
    seen.ring();
    expect(await work.end(job.id)).toMatchObject({ status: 'complete', progress: 1, results: ['half', 'whole'] });
  });
}

function tryingPromises(node: Node): void {
  test('what throws is tried again, and begins with what was told last', async () => {
    const before: (readonly Json[])[] = [];
    const queue = node();
    const job = await queue.add({ kind: 'shaky', input: null });
    const work = startOn(queue, {
      shaky: async (run) => {
        before.push(run.job.results);
        if (before.length === 3) return ['done'];
        await run.report(before.length / 10, [before.length]);
        throw new Failure('store-unreachable', 'Not now');
      },
    });
    expect(await work.end(job.id)).toMatchObject({ status: 'complete', results: ['done'] });
    expect(before).toEqual([[], [1], [2]]);
  });

  test(`what throws ${maxTries} times has failed, says why, and keeps what it had`, async () => {
    let tries = 0;
    const queue = node();
    const job = await queue.add({ kind: 'doomed', input: null });
    const work = startOn(queue, {
      doomed: async (run) => {
        tries += 1;
        await run.report(0.25, ['a quarter']);
        throw new Failure('store-unreachable', `No luck ${tries}`);
      },
    });
    const failed = { status: 'failed', error: `No luck ${maxTries}`, progress: 0.25, results: ['a quarter'] };
    expect(await work.end(job.id)).toMatchObject(failed);
    expect(await queue.find(job.id)).toMatchObject(failed);
    expect(tries).toBe(maxTries);
  });

  test('a verdict is not tried again', async () => {
    let tries = 0;
    const queue = node();
    const job = await queue.add({ kind: 'refused', input: null });
    const work = startOn(queue, {
      refused: async () => {
        tries += 1;
        throw new Failure('bad-request', 'Never');
      },
    });
    expect(await work.end(job.id)).toMatchObject({ status: 'failed', error: 'Never' });
    expect(tries).toBe(1);
  });

  test('what nobody foresaw is shown without its cause', async () => {
    const queue = node();
    const job = await queue.add({ kind: 'buggy', input: null });
    const work = startOn(queue, {
      buggy: async () => {
        throw new Error('a secret');
      },
    });
    const { status, error } = (await work.end(job.id)) ?? {};
    expect([status, error?.includes('secret')]).toEqual(['failed', false]);
  });

  test('a bad job among a hundred holds nobody up', async () => {
    const queue = node();
    for (let nth = 0; nth < 100; nth++) await queue.add({ kind: nth === 3 ? 'bad' : 'good', input: nth });
    const work = startOn(queue, {
      bad: async () => {
        throw new Failure('store-unreachable', 'Bad');
      },
      good: async (run) => [run.job.input],
    });
    await work.until(() => work.ended.length === 100);
    expect(work.ended.filter(({ status }) => status === 'complete')).toHaveLength(99);
  });

  test('a kind that nobody here knows waits for somebody who does', async () => {
    const queue = node();
    const later = await queue.add({ kind: 'of-the-future', input: null });
    const known = await queue.add({ kind: 'echo', input: null });
    await startOn(queue, { echo: async () => [] }).end(known.id);
    expect(await queue.find(later.id)).toMatchObject({ status: 'pending' });
    const newer = startOn(node(), { 'of-the-future': async () => ['here'] });
    expect(await newer.end(later.id)).toMatchObject({ status: 'complete', results: ['here'] });
  });
}

function sharingPromises(node: Node): void {
  test('of many processes one does each job', async () => {
    const done: Json[] = [];
    const once: JobWork['handlers'] = {
      once: async (run) => {
        done.push(run.job.input);
        return [];
      },
    };
    const workers = [node(), node(), node()].map((queue) => startOn(queue, once));
    const queue = node();
    for (let nth = 0; nth < 30; nth++) await queue.add({ kind: 'once', input: nth });
    const ids = () => new Set(workers.flatMap(({ ended }) => ended.map(({ id }) => id)));
    await Promise.race(workers.map(({ until }) => until(() => ids().size === 30)));
    expect([...done].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, nth) => nth));
  });

  test('what is let go of by one is gone on with by another, and that try does not count', async () => {
    const begun = signal();
    const first = node();
    const job = await first.add({ kind: 'long', input: null });
    startOn(first, { long: endless(begun.ring) });
    await begun.rung;
    await first.close();
    expect(await node().find(job.id)).toMatchObject({ status: 'pending' });
    let tries = 0;
    const second = startOn(node(), {
      long: async () => {
        tries += 1;
        if (tries < maxTries) throw new Failure('store-unreachable', 'Not yet');
        return ['by the second'];
      },
    });
    expect(await second.end(job.id)).toMatchObject({ status: 'complete', results: ['by the second'] });
  });

  test('closing waits for what is at its end', async () => {
    const [begun, finish] = [signal(), signal()];
    const queue = node();
    const job = await queue.add({ kind: 'ending', input: null });
    startOn(queue, {
      ending: async () => {
        begun.ring();
        await finish.rung;
        return ['done'];
      },
    });
    await begun.rung;
    const closing = queue.close();
    finish.ring();
    await closing;
    expect(await node().find(job.id)).toMatchObject({ status: 'complete', results: ['done'] });
  });

  test('an end that could not be told is told again', async () => {
    const queue = node();
    const job = await queue.add({ kind: 'echo', input: null });
    let told = 0;
    const heard = signal();
    queue.start({
      handlers: { echo: async () => [] },
      ended: async () => {
        told += 1;
        if (told === 1) throw new Failure('store-unreachable', 'Deaf');
        heard.ring();
      },
    });
    await heard.rung;
    expect(await queue.find(job.id)).toMatchObject({ status: 'complete' });
  });
}

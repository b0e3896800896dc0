import { expect, test } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { type Job, type JobQueue, type Json, maxDeaths, maxTries } from '../../src/jobs/job-queue.ts';
import { endless, signal, startOn } from './job-queue-work.ts';

/** A process that can be killed. */
export interface Mortal {
  readonly queue: JobQueue;
  readonly kill: () => void;
}

/** What becomes of jobs whose process died. */
export function dyingPromises(node: () => JobQueue, mortal: () => Mortal): void {
  /** Lets a process die with a job in its hands; answers the job as it found it. */
  async function dieWith(kind: string): Promise<Job | undefined> {
    const [begun, { queue, kill }] = [signal(), mortal()];
    let found: Job | undefined;
    startOn(queue, {
      [kind]: async (run) => {
        found = run.job;
        await run.report(0.5, ['half']);
        return endless(begun.ring)(run);
      },
    });
    await begun.rung;
    kill();
    return found;
  }

  test('what a process died with is gone on with by another, and that does not count as a try', async () => {
    const { id } = await node().add({ kind: 'long', input: null });
    await dieWith('long');
    const before: (readonly Json[])[] = [];
    const second = startOn(node(), {
      long: async ({ job }) => {
        before.push(job.results);
        if (before.length < maxTries) throw new Failure('store-unreachable', 'Not yet');
        return ['by the second'];
      },
    });
    expect(await second.end(id)).toMatchObject({ status: 'complete', results: ['by the second'] });
    expect(before).toEqual(Array.from({ length: maxTries }, () => ['half']));
  });

  test('what a dead process was about to end, it does not end', async () => {
    const [begun, finish] = [signal(), signal()];
    const { queue, kill } = mortal();
    const { id } = await queue.add({ kind: 'slow', input: null });
    const dead = startOn(queue, {
      slow: async () => {
        begun.ring();
        await finish.rung;
        return ['by the dead'];
      },
    });
    await begun.rung;
    kill();
    const end = startOn(node(), { slow: async () => ['by the living'] }).end(id);
    finish.ring();
    expect(await end).toMatchObject({ status: 'complete', results: ['by the living'] });
    expect(dead.ended).toEqual([]);
  });

  test(`what ${maxDeaths} processes died with has failed, and the others go on`, async () => {
    const queue = node();
    const { id } = await queue.add({ kind: 'poison', input: null });
    for (let death = 0; death < maxDeaths; death++) expect(await dieWith('poison')).toMatchObject({ id });
    const good = await queue.add({ kind: 'good', input: null });
    const seen: string[] = [];
    const look = async ({ job }: { readonly job: Job }) => {
      seen.push(job.id);
      return [];
    };
    const living = startOn(node(), { poison: look, good: look });
    expect(await living.end(id)).toMatchObject({ status: 'failed', error: expect.stringContaining('died') });
    expect(await living.end(good.id)).toMatchObject({ status: 'complete' });
    expect(seen).toEqual([good.id]);
  });
}

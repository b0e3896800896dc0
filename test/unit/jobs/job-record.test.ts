import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { endedJobLifetime, maxDeaths } from '../../../src/jobs/job-queue.ts';
import { afterDeath, afterFailure, type JobRecord, newRecord } from '../../../src/jobs/job-record.ts';
import { JobStore } from '../../../src/jobs/job-store.ts';
import type { BlobStore } from '../../../src/store/blob-store.ts';
import { openStore } from '../../../src/store/index.ts';

const times = { now: 1000, pause: 10 };
const fresh = newRecord({ kind: 'x', input: null }, 0);

/** A record, and what becomes of it time after time. */
function history(after: (record: JobRecord) => JobRecord, length: number): readonly JobRecord[] {
  const all: JobRecord[] = [];
  for (let record = after(fresh); all.length < length; record = after(record)) all.push(record);
  return all;
}

describe('A job that throws', () => {
  it('is tried again after 1, 5, 25 and 125 pauses, then it has failed', () => {
    const thrown = new Failure('store-unreachable', 'Not now');
    const after = history((record) => afterFailure(record, thrown, times), 5);
    expect(after.slice(0, 4).map(({ notBefore }) => notBefore - times.now)).toEqual([10, 50, 250, 1250]);
    expect(after.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending', 'pending', 'failed']);
  });
});

describe('A job whose process died', () => {
  it('goes on at once, later after a while that grows, and fails in the end', () => {
    const after = history((record) => afterDeath(record, times), maxDeaths);
    expect(after[0]?.notBefore).toBe(times.now);
    for (const [index, { notBefore }] of after.slice(0, -1).entries()) {
      expect(notBefore - times.now).toBeLessThanOrEqual(times.pause * (2 ** index - 1));
    }
    expect(after.map(({ status, tries }) => `${status} ${tries}`)).toEqual([
      ...Array.from({ length: maxDeaths - 1 }, () => 'pending 0'),
      'failed 0',
    ]);
  });
});

describe('A record of a job that is damaged', () => {
  const whole = newRecord({ kind: 'x', input: null, id: 'one' }, 0);

  it.each([
    ['id', 'another'],
    ['kind', null],
    ['input', undefined],
    ['status', 'lost'],
    ['progress', 2],
    ['results', null],
    ['error', 1],
    ['createdAt', 'long ago'],
    ['tries', '0'],
    ['lease', { owner: 1 }],
  ])('(%s: %j) is no job, and is counted', async (member, value) => {
    const store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 });
    let damaged = 0;
    const jobs = new JobStore(store, () => damaged++);
    await store.put('j/all/one.json', new TextEncoder().encode(JSON.stringify({ ...whole, [member]: value })));
    expect(await jobs.read('one')).toBeNull();
    expect(damaged).toBe(1);
    await store.close();
  });
});

describe('Kept jobs', () => {
  let store: BlobStore;
  beforeAll(async () => {
    store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 });
  });
  afterAll(() => store.close());

  it('are forgotten 7 days after their end, and never before it', async () => {
    const kept = new JobStore(store);
    for (const id of ['ended', 'open']) await kept.add(newRecord({ kind: 'x', input: null, id }, Date.now()));
    await kept.removeIndexEntry('ended');
    const left = async (later: number) => {
      await kept.clean(Date.now() + later);
      return Promise.all(['ended', 'open'].map(async (id) => (await kept.read(id)) !== null));
    };
    expect(await left(endedJobLifetime - 60_000)).toEqual([true, true]);
    expect(await left(endedJobLifetime + 60_000)).toEqual([false, true]);
  });
});

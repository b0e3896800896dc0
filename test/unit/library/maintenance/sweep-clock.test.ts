import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SweepClock } from '../../../../src/library/maintenance/sweep-clock.ts';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { openStore } from '../../../../src/store/index.ts';
import { movableTime, type PassTime } from '../../../support/passing-time.ts';

const day = 86_400_000;
let store: BlobStore;
let pass: PassTime;

beforeEach(async () => {
  store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e6 });
  pass = movableTime();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

const open = () => SweepClock.open(store, () => {});
async function sweep(clock: SweepClock) {
  const run = await clock.begin({ dryRun: false });
  await clock.end(run);
  return run.clock;
}

describe('The clock of sweeps', () => {
  it('is trusted while it runs as evenly as the monotonic one', async () => {
    const clock = await open();
    for (let days = 0; days < 30; days += 3) {
      expect(await sweep(clock)).toBe('ok');
      pass(3 * day);
    }
    expect(clock.state).toBe('ok');
  });

  it.each([2 * day, -2 * day])(
    'has jumped where it differs by %i ms, and is trusted once it is right again',
    async (jump) => {
      const clock = await open();
      pass(jump, 'wall');
      expect([clock.state, await sweep(clock), await sweep(await open())]).toEqual(['jumped', 'jumped', 'jumped']);
      pass(-jump, 'wall');
      expect([clock.state, await sweep(clock)]).toEqual(['ok', 'ok']);
    },
  );

  it('is trusted after a restart within a day, and a week of uptime after a longer standstill', async () => {
    await sweep(await open());
    pass(day / 2, 'wall');
    expect(await sweep(await open())).toBe('ok');
    pass(3 * day, 'wall');
    const clock = await open();
    for (let days = 0; days < 7; days++) {
      expect([days, await sweep(clock)]).toEqual([days, 'jumped']);
      pass(day);
    }
    expect([await sweep(clock), await sweep(await open())]).toEqual(['ok', 'ok']);
  });

  it('is not trusted earlier because it jumps again and again', async () => {
    const clock = await open();
    for (let days = 0; days < 9; days++) {
      pass(2 * day, 'wall');
      pass(day);
      expect(await sweep(clock)).toBe('jumped');
    }
  });

  it('counts no time twice that several nodes have seen pass', async () => {
    const nodes = await Promise.all([open(), open(), open()]);
    const waste = { key: 'o/waste/bytes', bytes: 1, modified: 0 };
    const isDue = async (clock: SweepClock) => {
      const run = await clock.begin({ dryRun: false });
      const due = run.marks.isDue(waste);
      await clock.end(run);
      return due;
    };
    for (let hours = 0; hours < 24; hours += 4) {
      for (const node of nodes) expect([hours, await isDue(node)]).toEqual([hours, false]);
      pass(day / 6 - 1000);
    }
    pass(10_000);
    expect(await isDue(await open())).toBe(false);
    for (const node of nodes) expect(await isDue(node)).toBe(node === nodes[0]);
  });

  it('begins anew where what the last sweep left cannot be read', async () => {
    await store.put('sweep.json', new TextEncoder().encode('{"trusted":1}'));
    expect((await open()).state).toBe('ok');
  });
});

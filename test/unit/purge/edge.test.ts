import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CdnPurger } from '../../../src/purge/edge.ts';
import type { Cdn, CdnPurgeOrder } from '../../../src/purge/purger.ts';

const echo = 2500;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function tellingEdge() {
  const told: { readonly at: number; readonly order: CdnPurgeOrder }[] = [];
  const begun = Date.now();
  const purger: Cdn = {
    name: 'cdn',
    purge: async (order) => {
      told.push({ at: Date.now() - begun, order });
      return { left: [], error: null, soft: order.soft };
    },
  };
  const cdnPurger = new CdnPurger({
    purgers: [purger],
    repeatAfter: echo,
    enqueue: async () => '/jobs/1',
    report: () => {},
  });
  return { edge: cdnPurger, told };
}

describe('Where other nodes may answer from what they knew', () => {
  it('a CDN is told everything a second time, never sooner than they know better, however often it is told', async () => {
    const { edge: cdnPurger, told } = tellingEdge();
    const times = [0, 400, 499, 501, 1500, 2499, 2900, 5000];
    let now = 0;
    for (const time of times) {
      await vi.advanceTimersByTimeAsync(time - now);
      now = time;
      await cdnPurger.purge({ keys: [`at-${time}`], soft: false });
    }
    await vi.advanceTimersByTimeAsync(60_000);
    for (const time of times) {
      const tellings = told.filter(({ order }) => order.keys !== 'everything' && order.keys.includes(`at-${time}`));
      expect([time, tellings.length]).toEqual([time, 2]);
      expect((tellings[1]?.at ?? 0) - time).toBeGreaterThanOrEqual(echo);
      expect((tellings[1]?.at ?? 0) - time).toBeLessThan(echo + 1000);
    }
    expect(told.length).toBeLessThan(2 * times.length);
  });

  it.each([
    ['a hard purge and a soft one', [false, true], false],
    ['a soft purge and a hard one', [true, false], false],
    ['two soft purges', [true, true], true],
  ] as const)('%s are repeated together', async (_, [first, second], soft) => {
    const { edge: cdnPurger, told } = tellingEdge();
    await cdnPurger.purge({ keys: ['a'], soft: first });
    await cdnPurger.purge({ keys: ['b'], soft: second });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told[2]?.order).toEqual({ keys: ['a', 'b'], soft });
  });

  it('what is still to be told again is told before the server ends', async () => {
    const { edge: cdnPurger, told } = tellingEdge();
    await cdnPurger.purge({ keys: ['a'], soft: true });
    await vi.advanceTimersByTimeAsync(1000);
    await cdnPurger.purge({ keys: 'everything', soft: false });
    await cdnPurger.close();
    expect(told.map(({ order }) => order)).toEqual([
      { keys: ['a'], soft: true },
      { keys: 'everything', soft: false },
      { keys: ['a'], soft: true },
      { keys: 'everything', soft: false },
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toHaveLength(4);
  });
});

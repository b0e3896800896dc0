import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../src/errors.ts';
import type { Cost } from '../../../src/render/planning/cost.ts';
import { expectedWait } from '../../../src/render/queue/expected-wait.ts';
import { RenderQueue } from '../../../src/render/queue/render-queue.ts';

// Renders here take the time of a clock that the test moves: what is counted does not depend on the machine.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const second = 1000;
const limits = { renders: 2, queue: 1000, queueWait: 10 * second, decodeMemory: 1e9 };
/** 0.3 MP to a thumbnail, as `costOf` estimates it. */
const thumbnail: Cost = { fixed: 2, milliseconds: 1, memory: 0 };
const animation: Cost = { fixed: 2, milliseconds: 25_000, memory: 0 };

interface Outcome {
  readonly kind: string;
  /** Milliseconds from asking to the answer. */
  readonly after: number;
}

/** Asks for something that takes so long once it has begun. */
function ask(queue: RenderQueue, cost: Cost, takes: number): Promise<Outcome> {
  const asked = performance.now();
  const ended = (kind: string) => ({ kind, after: performance.now() - asked });
  const run = () => new Promise<void>((resolve) => setTimeout(resolve, takes));
  return queue.run(run, { client: '', signal: null, cost }).then(
    () => ended('done'),
    ({ kind }: Failure) => ended(kind),
  );
}

/** Lets the clock run until all are answered. */
async function settle(asked: readonly Promise<Outcome>[]): Promise<readonly Outcome[]> {
  const all = Promise.all(asked);
  await vi.advanceTimersByTimeAsync(120 * second);
  return all;
}

/** So many a second for so long. */
async function askSteadily(perSecond: number, seconds: number, one: () => Promise<Outcome>) {
  const asked: Promise<Outcome>[] = [];
  for (let count = 0; count < perSecond * seconds; count++) {
    asked.push(one());
    await vi.advanceTimersByTimeAsync(second / perSecond);
  }
  return asked;
}

const refusedOf = (outcomes: readonly Outcome[]) => outcomes.filter(({ kind }) => kind === 'overloaded').length;

describe('A cold gallery', () => {
  it.each([40, 200, 400])('of %d thumbnails at once is rendered whole', async (count) => {
    const queue = new RenderQueue(limits);
    const outcomes = await settle(Array.from({ length: count }, () => ask(queue, thumbnail, 15)));
    expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(count);
  });

  it('is rendered whole right after renders that took far longer than estimated', async () => {
    const queue = new RenderQueue(limits);
    await settle(Array.from({ length: 60 }, () => ask(queue, { ...thumbnail, milliseconds: 10 }, 2 * second)));
    const outcomes = await settle(
      Array.from({ length: 400 }, () => ask(queue, { ...thumbnail, milliseconds: 10 }, 15)),
    );
    expect(refusedOf(outcomes)).toBe(0);
  });
});

describe('Twice as many renders as fit into the wait', () => {
  it('at once are refused at the end of the line alone', async () => {
    const queue = new RenderQueue(limits);
    // Two places, ten seconds, 50 ms each: 400.
    const outcomes = await settle(Array.from({ length: 800 }, () => ask(queue, thumbnail, 50)));
    const first = outcomes.findIndex(({ kind }) => kind === 'overloaded');
    expect([first, refusedOf(outcomes)]).toEqual([400, 400]);
  });

  it('each second are refused once the head has waited half of it, and what is admitted is rendered', async () => {
    const queue = new RenderQueue({ ...limits, queueWait: 2 * second });
    const cost = { fixed: 2, milliseconds: 48, memory: 0 };
    const outcomes = await settle(await askSteadily(80, 8, () => ask(queue, cost, 50)));
    const done = outcomes.filter(({ kind }) => kind === 'done');
    // 40 a second are rendered, so the line is as long as what fits after two seconds.
    const first = outcomes.findIndex(({ kind }) => kind === 'overloaded');
    expect(first).toBeGreaterThanOrEqual(80 * 2);
    expect(done.length).toBeGreaterThanOrEqual(40 * 8);
    expect(Math.max(...done.map(({ after }) => after))).toBeLessThanOrEqual(2 * second + 50);
    // Admitted, and refused later: only what was expected to begin at the very end of the wait.
    const late = outcomes.filter(({ kind, after }) => kind === 'overloaded' && after > 0);
    expect(late.length).toBeLessThanOrEqual(1);
  });
});

describe('While dear renders run,', () => {
  it.each([1, 2, 5])('%d of them, cheap ones are neither refused nor made to wait', async (dear) => {
    const queue = new RenderQueue(limits);
    const animations = Array.from({ length: dear }, () => ask(queue, animation, 9 * second));
    const asked = await askSteadily(50, 8, () => ask(queue, thumbnail, 15));
    const outcomes = await settle(asked);
    expect(refusedOf(outcomes)).toBe(0);
    expect(Math.max(...outcomes.map(({ after }) => after))).toBeLessThan(50);
    await settle(animations);
  });

  it('a cold gallery is rendered whole beside one of them, whatever that was expected to take', async () => {
    const queue = new RenderQueue(limits);
    const dear = ask(queue, { ...animation, milliseconds: 100_000 }, 9 * second);
    const outcomes = await settle(Array.from({ length: 400 }, () => ask(queue, thumbnail, 15)));
    expect([refusedOf(outcomes), (await dear).kind]).toEqual([0, 'done']);
  });
});

describe('The expected wait', () => {
  it.each([
    ['is until the earliest end, not the mean of all', [9000, 10], [0, 0], false, 10],
    ['counts what comes before', [9000, 10], [100, 0], false, 110],
    ['is shared by all places that are free by then', [50, 10], [100, 0], false, 80],
    ['of a small render does not count large ones, which leave it a place', [9000, 10], [0, 50_000], false, 10],
    ['of a large render counts them', [9000, 10], [0, 50_000], true, 59_000],
    ['counts all where there is one place', [100], [50, 50], false, 200],
  ] as const)('%s', (_title, places, [small, large], isLarge, expected) => {
    expect(expectedWait({ places, ahead: { small, large }, isLarge })).toBe(expected);
  });
});

describe('The speed of the machine', () => {
  it('is not learned from renders that are over at once', async () => {
    const queue = new RenderQueue(limits);
    // Thirteen times their estimate, for reasons that have nothing to do with pixels.
    await settle(Array.from({ length: 200 }, () => ask(queue, thumbnail, 40)));
    const large = [1, 2].map(() => ask(queue, { fixed: 2, milliseconds: 1000, memory: 0 }, second));
    // Were they taken for 13 s each, they would be large, and one of them would wait.
    expect([queue.running, queue.waiting]).toEqual([2, 0]);
    await settle(large);
  });
});

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Failure } from '../../../../src/errors.ts';
import { RenderQueue } from '../../../../src/render/queue/render-queue.ts';

const limits = { renders: 1, queue: 4, queueWait: 60_000, decodeMemory: 1e9 };

/** Work that goes on until it is told to end. */
function work(): { readonly run: () => Promise<void>; readonly end: () => void } {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { run: () => ended, end };
}

const turn = (client: string, signal: AbortSignal | null = null) => ({ client, signal });
const kindOf = (refused: Promise<unknown>) =>
  refused.then(
    () => 'done',
    ({ kind }: Failure) => kind,
  );

describe('Threat H5: the render queue', () => {
  it('turns go around among clients, however much one of them wants', async () => {
    const queue = new RenderQueue({ ...limits, queue: 10 });
    const first = work();
    const order: string[] = [];
    const all = [queue.run(first.run)];
    const request = (name: string) => all.push(queue.run(async () => void order.push(name), turn(name[0] ?? '')));
    for (const name of ['a1', 'a2', 'a3', 'b1', 'a4', 'c1', 'b2']) request(name);
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('a full queue of one client takes a request of another, and drops its newest', async () => {
    const queue = new RenderQueue(limits);
    const first = work();
    const running = queue.run(first.run, turn('greedy'));
    const wishes = Array.from({ length: 5 }, () => kindOf(queue.run(async () => {}, turn('greedy'))));
    expect(await wishes[4]).toBe('overloaded');
    const polite = kindOf(queue.run(async () => {}, turn('polite')));
    expect(await wishes[3]).toBe('overloaded');
    first.end();
    await running;
    expect(await Promise.all([...wishes.slice(0, 3), polite])).toEqual(['done', 'done', 'done', 'done']);
  });

  it('a full queue in which all clients wait for as much refuses everyone', async () => {
    const queue = new RenderQueue(limits);
    const first = work();
    const running = queue.run(first.run);
    const wishes = ['a', 'b', 'c', 'd'].map((client) => kindOf(queue.run(async () => {}, turn(client))));
    expect(await kindOf(queue.run(async () => {}, turn('e')))).toBe('overloaded');
    first.end();
    await running;
    expect(await Promise.all(wishes)).toEqual(['done', 'done', 'done', 'done']);
  });
});

describe('Threat H2: the render queue', () => {
  it('who goes away leaves the queue at once', async () => {
    const queue = new RenderQueue(limits);
    const first = work();
    const running = queue.run(first.run);
    const leaving = new AbortController();
    let ran = false;
    const gone = kindOf(
      queue.run(
        async () => {
          ran = true;
        },
        turn('a', leaving.signal),
      ),
    );
    expect(queue.waiting).toBe(1);
    leaving.abort();
    expect([await gone, queue.waiting]).toEqual(['abandoned', 0]);
    first.end();
    await running;
    expect([ran, queue.running]).toEqual([false, 0]);
    expect(await kindOf(queue.run(async () => {}, turn('a', leaving.signal)))).toBe('abandoned');
  });
});

const costs = (milliseconds: number, memory = 0) => ({
  client: '',
  signal: null,
  cost: { fixed: 0, milliseconds, memory },
});

describe('The render queue, by cost:', () => {
  it('decoded pixels have a bound together; what alone is above it runs alone', async () => {
    const queue = new RenderQueue({ ...limits, renders: 4, decodeMemory: 100 });
    const huge = work();
    const small = work();
    const runs = [
      queue.run(huge.run, costs(1, 500)),
      queue.run(small.run, costs(1, 60)),
      queue.run(small.run, costs(1, 30)),
    ];
    expect([queue.running, queue.waiting, queue.decoding]).toEqual([1, 2, 500]);
    huge.end();
    await runs[0];
    expect([queue.running, queue.waiting, queue.decoding]).toEqual([2, 0, 90]);
    const more = queue.run(async () => {}, costs(1, 20));
    expect(queue.waiting).toBe(1);
    small.end();
    await Promise.all([...runs, more]);
    expect([queue.running, queue.decoding]).toEqual([0, 0]);
  });

  it('large renders leave a place to the small, which pass them in the queue', async () => {
    const queue = new RenderQueue({ ...limits, renders: 2 });
    const slow = work();
    const runs = [queue.run(slow.run, costs(5000)), queue.run(slow.run, costs(5000))];
    expect([queue.running, queue.waiting]).toEqual([1, 1]);
    await queue.run(async () => {}, costs(10));
    expect([queue.running, queue.waiting]).toEqual([1, 1]);
    slow.end();
    await Promise.all(runs);
  });

  it('who is overtaken often enough is waited for', async () => {
    const queue = new RenderQueue({ ...limits, renders: 2, queue: 100, decodeMemory: 100 });
    const running = work();
    const first = queue.run(running.run, costs(1, 50));
    const order: string[] = [];
    const large = queue.run(async () => void order.push('large'), costs(1, 90));
    const small = Array.from({ length: 40 }, () => queue.run(async () => void order.push('small'), costs(1, 1)));
    await expect.poll(() => order.length).toBe(16);
    running.end();
    await Promise.all([first, large, ...small]);
    expect(order.indexOf('large')).toBe(16);
  });

  it('a request that would wait too long is refused at once with Retry-After', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const queue = new RenderQueue({ ...limits, queue: 100, queueWait: 5000 });
    const slow = work();
    const runs = [queue.run(slow.run, costs(4000)), queue.run(slow.run, costs(2000)), queue.run(slow.run, costs(2000))];
    // An estimate alone refuses nothing: the head of the queue has to have waited half of the longest wait.
    await vi.advanceTimersByTimeAsync(2500);
    const refused = await queue
      .run(async () => {}, costs(1))
      .then(
        () => null,
        (failure: Failure) => failure,
      );
    expect([refused?.kind, refused?.headers['Retry-After']]).toEqual(['overloaded', '6']);
    // Turns go around: another client does not wait for all that the first one wants.
    const polite = queue.run(async () => {}, { ...costs(1), client: 'polite' });
    expect(queue.waiting).toBe(3);
    slow.end();
    await Promise.all([...runs, polite]);
  });
});

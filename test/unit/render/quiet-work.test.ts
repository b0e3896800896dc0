import { describe, expect, it } from 'vitest';
import { RenderQueue } from '../../../src/render/queue/render-queue.ts';

/** Work that lasts until it is told to end, and tells when it begins. */
function work(begun: string[], name: string) {
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async () => {
    begun.push(name);
    await ended;
  };
  return { run, end: () => end() };
}

/** All that can happen without anybody ending has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Work that nobody waits for', () => {
  it('begins once no live render wants a place, however early it came', async () => {
    const queue = new RenderQueue({ renders: 1, queue: 10, queueWait: 60_000, decodeMemory: 1e9 });
    const begun: string[] = [];
    const [first, quiet, second] = ['first', 'quiet', 'second'].map((name) => work(begun, name));
    const all = [first, quiet, second].map((each) =>
      each === quiet ? queue.runInBackground(each?.run ?? settled) : queue.run(each?.run ?? settled),
    );
    await settled();
    expect(begun).toEqual(['first']);
    first?.end();
    await settled();
    expect(begun).toEqual(['first', 'second']);
    second?.end();
    await settled();
    expect(begun).toEqual(['first', 'second', 'quiet']);
    quiet?.end();
    await Promise.all(all);
  });

  it('takes half of the places at most', async () => {
    const queue = new RenderQueue({ renders: 4, queue: 10, queueWait: 60_000, decodeMemory: 1e9 });
    const begun: string[] = [];
    const works = ['a', 'b', 'c'].map((name) => work(begun, name));
    const all = works.map(({ run }) => queue.runInBackground(run));
    await settled();
    expect(begun).toEqual(['a', 'b']);
    works[0]?.end();
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const { end } of works) end();
    await Promise.all(all);
  });
});

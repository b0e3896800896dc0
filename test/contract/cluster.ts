import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';

/** Something that nodes have in common, new and empty. */
export interface ClusterBench {
  /** Another node, once it hears the others; where there can be one only, that one. */
  node(): Promise<Cluster>;
  close(): Promise<void>;
}

/** Long enough for anything here, in milliseconds. */
const long = 60_000;
const minute = 60_000;

/** The promises of `Cluster` that hold however many nodes there are, each as one test. */
export function clusterContract(name: string, open: () => Promise<ClusterBench>): void {
  describe(`${name} keeps the promises of a cluster`, () => {
    let bench: ClusterBench;
    let one: Cluster;
    let other: Cluster;
    beforeEach(async () => {
      bench = await open();
      one = await bench.node();
      other = await bench.node();
    });
    afterEach(() => bench.close());

    leasePromises(() => [one, other]);

    test('what can be told is told, and heard by all others before the teller goes on', async () => {
      const heard: unknown[] = [];
      other.listen((news) => heard.push(news));
      const others = await one.publish({ ids: ['cat'] });
      const all = Array.from({ length: others }, () => ({ ids: ['cat'], everything: false }));
      expect([heard, others]).toEqual([all, one === other ? 0 : 1]);
      expect([one.nodes, other.nodes]).toEqual([others + 1, others + 1]);
      await one.publish({ everything: true });
      expect(heard).toHaveLength(others * 2);
    });

    test('who told does not hear it himself', async () => {
      const heard: unknown[] = [];
      one.listen((news) => heard.push(news));
      await one.publish({ ids: ['cat'] });
      expect(heard).toEqual([]);
    });

    test('a node that is there hears what is told from now on', () => {
      expect(one.isInSync(performance.now())).toBe(true);
    });

    test('who has anything left may take more than that, and the next one waits until it is paid back', async () => {
      expect(await one.charge(['a', 'b'], 150, 100)).toBeNull();
      const refused = await other.charge(['c', 'b'], 500, 100);
      expect(refused).toMatchObject({ account: 'b' });
      expect(refused?.left).toBeGreaterThan(-51);
      expect(refused?.left).toBeLessThanOrEqual(-40);
      // Whoever was refused was charged nowhere.
      expect(await other.charge(['c'], 1, 100)).toBeNull();
    });

    test('what cost more than it was charged for is charged later, also where nothing is left', async () => {
      await one.settle(['d'], 120, 100);
      await other.settle(['d'], 30, 100);
      expect((await one.charge(['d'], 1, 100))?.left).toBeLessThan(-40);
    });

    test('accounts fill evenly', async () => {
      const perMinute = minute * 10;
      expect(await one.charge(['quick'], perMinute + 10, perMinute)).toBeNull();
      await expect.poll(() => other.charge(['quick'], 1, perMinute), { timeout: long, interval: 1 }).toBeNull();
    });

    test('what happens anywhere is counted together, from its first time on', async () => {
      expect([await one.count('wrong', long), await other.count('wrong', long)]).toEqual([1, 2]);
      expect([await one.count('other', 20), await one.count('wrong', long)]).toEqual([1, 3]);
      await expect.poll(() => other.count('other', 20), { timeout: long, interval: 30 }).toBe(1);
    });
  });
}

function leasePromises(nodes: () => readonly [Cluster, Cluster]): void {
  test('of many who take a name one has it, and after its release the next, with a higher fence', async () => {
    const [one, other] = nodes();
    const tries = await Promise.all(
      Array.from({ length: 30 }, (_, nth) => (nth % 2 ? one : other).acquire(['a'], long)),
    );
    const [first, second] = tries.filter((lease) => lease !== null);
    expect([first?.isHeld(), second]).toEqual([true, undefined]);
    const freed = Promise.all([one.waitForRelease(['a'], long, null), other.waitForRelease(['x', 'a'], long, null)]);
    await first?.release();
    await freed;
    const next = await other.acquire(['a'], long);
    expect(next?.fence).toBeGreaterThan(first?.fence ?? 0);
  });

  test('all of the names are given, or none', async () => {
    const [one, other] = nodes();
    const first = await one.acquire(['a', 'b'], long);
    expect(await other.acquire(['b', 'c'], long)).toBeNull();
    const third = await other.acquire(['c'], long);
    expect(third?.isHeld()).toBe(true);
    await first?.release();
    expect((await other.acquire(['a', 'b'], long))?.isHeld()).toBe(true);
  });

  test('after its deadline a lease does not stand, and its late release frees nobody else', async () => {
    const [one, other] = nodes();
    const late = await one.acquire(['a'], 30);
    let next = await other.acquire(['a'], long);
    await expect
      .poll(async () => (next ??= await other.acquire(['a'], long)) !== null, { timeout: long, interval: 5 })
      .toBe(true);
    expect([late?.isHeld(), next?.isHeld()]).toEqual([false, true]);
    await late?.release();
    expect(await one.acquire(['a'], long)).toBeNull();
  });

  test('who waits for a name is woken by a signal and by his patience too', async () => {
    const [one, other] = nodes();
    await one.acquire(['a'], long);
    await other.waitForRelease(['a'], 5, null);
    const leaves = new AbortController();
    const waiting = other.waitForRelease(['a'], long, leaves.signal);
    leaves.abort();
    await waiting;
    await other.waitForRelease(['a'], long, leaves.signal);
  });
}

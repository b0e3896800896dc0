import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { rebuildIndexes } from '../../../../src/library/maintenance/reindex.ts';
import type { Sweep } from '../../../../src/library/maintenance/sweep.ts';
import { Listing } from '../../../../src/library/originals/listing.ts';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { openStore } from '../../../../src/store/index.ts';
import { type Shelves, shelve, stopRenderer } from '../../../support/library.ts';
import { markAndSweep, movableTime, type PassTime } from '../../../support/passing-time.ts';
import { solid } from '../../../support/tintype.ts';

let store: BlobStore;
let node: Shelves;
let sweep: Sweep;
let pass: PassTime;

beforeAll(async () => {
  pass = movableTime();
  store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 });
  node = await shelve(store);
  sweep = node.sweep;
});
afterAll(async () => {
  vi.restoreAllMocks();
  await stopRenderer();
  await store.close();
});

const hour = 3_600_000;
const run = () => sweep.run({ dryRun: false });
const clean = () => markAndSweep(pass, run);
const keys = async (prefix: string) => (await store.list(prefix, { limit: 1000 })).entries.map(({ key }) => key);

describe('A sweep', () => {
  it('takes away variants that no name leads to, and leaves the others', async () => {
    await node.put('swept', await solid('#ff0000'));
    await node.get('swept', 'f_png,w_8');
    await node.writeBehind.drain();
    await node.put('swept', await solid('#0000ff'));
    await node.get('swept', 'f_png,w_8');
    await node.writeBehind.drain();
    expect(await keys('v/')).toHaveLength(2);
    expect(await sweep.run({ dryRun: true })).toMatchObject({
      dryRun: true,
      variants: { objects: 1 },
      originals: { objects: 0 },
      marked: { objects: 1 },
    });
    expect(await keys('v/')).toHaveLength(2);
    const receipt = await run();
    expect(receipt).toMatchObject({ dryRun: false, variants: { objects: 1 }, originals: { objects: 0 } });
    expect(receipt.variants.bytes).toBeGreaterThan(0);
    expect(await keys('v/')).toHaveLength(1);
    expect((await (await shelve(store)).get('swept', 'f_png,w_8')).tier).toBe('bucket');
  });

  it('asks once for the owner of many variants', async () => {
    await node.put('many', await solid('#00ff00'));
    for (let width = 1; width <= 12; width++) await node.get('many', `f_png,w_${width}`);
    await node.writeBehind.drain();
    const peek = vi.spyOn(node.originals, 'peek');
    onTestFinished(() => peek.mockRestore());
    await sweep.run({ dryRun: true });
    expect(peek.mock.calls.filter(([id]) => id === 'many').length).toBeLessThan(8);
  });

  it('that only counts beside one that takes away is another one, and who wants the same shares it', async () => {
    const [count, real, same] = [sweep.run({ dryRun: true }), run(), run()];
    expect([(await count).dryRun, (await real).dryRun, (await same) === (await real)]).toEqual([true, false, true]);
  });

  it('stops where it is told to, and says so', async () => {
    await expect(sweep.run({ dryRun: false, signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });

  it('deletes superseded bytes a day of uptime after another sweep has marked them, and not before', async () => {
    await clean();
    await node.put('fresh', await solid('#ff0000'));
    await node.put('fresh', await solid('#0000ff'));
    for (let hours = 0; hours < 24; hours += 6) {
      expect(await run()).toMatchObject({ originals: { objects: 0 }, marked: { objects: 1 } });
      pass(6 * hour - 10_000);
    }
    expect(await keys('o/fresh/')).toHaveLength(3);
    pass(40_000);
    expect(await run()).toMatchObject({ originals: { objects: 1 }, marked: { objects: 0 } });
    expect(await keys('o/fresh/')).toHaveLength(2);
  });

  it('deletes nothing that was written again after it was marked', async () => {
    const key = `o/again/${'a'.repeat(64)}.0011`;
    await clean();
    await store.put(key, new Uint8Array([1]));
    await run();
    pass(23 * hour);
    await store.put(key, new Uint8Array([1]));
    pass(2 * hour);
    expect(await run()).toMatchObject({ originals: { objects: 0 }, marked: { objects: 1 } });
    pass(24 * hour);
    expect(await run()).toMatchObject({ originals: { objects: 1 } });
  });

  it('takes away everything of an epoch that was purged', async () => {
    await node.get('fresh', 'f_png,w_9');
    await node.writeBehind.drain();
    const before = (await keys('v/0/')).length;
    await node.library.purgeAll();
    expect(await run()).toMatchObject({ variants: { objects: before } });
    expect(await keys('v/0/')).toEqual([]);
  });

  it('deletes index entries without an original, and bytes of uploads that never ended', async () => {
    await store.put('i/n/nobody', new Uint8Array());
    await store.put('i/t/82047/46/70/5026~nobody', new Uint8Array());
    await store.put(`o/nobody/${'a'.repeat(64)}.0011`, new Uint8Array([1]));
    expect(await run()).toMatchObject({ markers: { objects: 0 }, originals: { objects: 0 }, marked: { objects: 3 } });
    pass(25 * hour);
    expect(await run()).toMatchObject({
      markers: { objects: 2 },
      originals: { objects: 1, bytes: 1 },
    });
    expect(await keys('i/n/')).toEqual(['i/n/fresh', 'i/n/many', 'i/n/swept']);
  });

  it('runs one at a time: who comes meanwhile gets the same receipt', async () => {
    const [first, second] = await Promise.all([sweep.run({ dryRun: true }), sweep.run({ dryRun: true })]);
    expect(first).toBe(second);
  });
});

describe('An index that was lost', () => {
  it('is rebuilt from the records', async () => {
    const listing = new Listing(store, node.originals);
    const all = async () =>
      (await listing.page({ by: 'time', since: null }, { limit: 10, cursor: null })).originals.map(({ id }) => id);
    const before = await all();
    await store.delete(await keys('i/'));
    expect(await all()).toEqual([]);
    expect(await rebuildIndexes(store)).toBe(before.length);
    expect(await all()).toEqual(before);
  });
});

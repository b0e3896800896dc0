import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../../../src/store/index.ts';
import { type HeldStore, holdable } from '../../../support/held-store.ts';
import { type Shelves, shelve, stopRenderer } from '../../../support/library.ts';
import { solid } from '../../../support/tintype.ts';

afterAll(stopRenderer);

async function start(variantsPerOriginal: number): Promise<{ readonly store: HeldStore; readonly node: Shelves }> {
  const scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-cap-'));
  const store = holdable(await openStore('memory:', { scratchFolder, scratchBytes: 1e9 }));
  const node = await shelve(store, { variantsPerOriginal });
  await node.put('cat', await solid('#204060', 400, 300));
  return { store, node };
}

const storedVariants = async (store: HeldStore) => (await store.list('v/', { limit: 100 })).entries.length;

describe('While the bucket counts the variants of an original', () => {
  // Timers never fire: no timeout of ours can end the wait for the list.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('replies do not wait for it, and what fits is stored afterwards', async () => {
    const { store, node } = await start(2);
    const list = store.stopAt('list', /^v\/.*cat\//);
    const replies = [await node.get('cat', 'w_50'), await node.get('cat', 'w_60'), await node.get('cat', 'w_70')];
    expect(replies.map(({ tier, stored }) => `${tier} ${stored}`)).toEqual([
      'render true',
      'render true',
      'render true',
    ]);
    await list.reached;
    expect(await storedVariants(store)).toBe(0);
    list.release();
    await node.writeBehind.drain();
    expect(await storedVariants(store)).toBe(2);
  });

  it('one count serves all replies; above the cap a reply says that nothing is stored', async () => {
    const { store, node } = await start(1);
    const list = store.stopAt('list', /^v\/.*cat\//);
    await Promise.all([node.get('cat', 'w_50'), node.get('cat', 'w_60')]);
    await list.reached;
    list.release();
    await node.writeBehind.drain();
    expect((await node.get('cat', 'w_70')).stored).toBe(false);
    expect(await storedVariants(store)).toBe(1);
  });
});

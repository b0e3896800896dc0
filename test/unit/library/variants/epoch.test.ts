import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PurgeEpoch } from '../../../../src/library/variants/epoch.ts';
import { openStore } from '../../../../src/store/index.ts';
import { holdable } from '../../../support/held-store.ts';

async function emptyStore() {
  const scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-epoch-'));
  return holdable(await openStore('memory:', { scratchFolder, scratchBytes: 1e9 }));
}

describe('The purge epoch', () => {
  it('that was read before an invalidation is not trusted, though it arrives after it', async () => {
    const store = await emptyStore();
    const epoch = new PurgeEpoch(store, Number.POSITIVE_INFINITY);
    const other = new PurgeEpoch(store, Number.POSITIVE_INFINITY);
    const stop = store.stopAt('got', /^epoch/);
    const reading = epoch.refresh();
    await stop.reached;
    await other.bump();
    epoch.invalidate();
    stop.release();
    expect(await reading).toBe(0);
    expect(epoch.isFresh).toBe(false);
    expect(await epoch.current()).toBe(1);
    expect(epoch.isFresh).toBe(true);
  });

  it('never goes back: a read that began before a purge of our own does not undo it', async () => {
    const store = await emptyStore();
    const epoch = new PurgeEpoch(store, Number.POSITIVE_INFINITY);
    const stop = store.stopAt('got', /^epoch/);
    const reading = epoch.refresh();
    await stop.reached;
    expect(await epoch.bump()).toBe(1);
    stop.release();
    expect([await reading, epoch.value]).toEqual([1, 1]);
  });
});

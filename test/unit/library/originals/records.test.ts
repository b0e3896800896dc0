import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../src/errors.ts';
import { rebuildIndexes } from '../../../../src/library/maintenance/reindex.ts';
import { Listing } from '../../../../src/library/originals/listing.ts';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { openStore } from '../../../../src/store/index.ts';
import { type HeldStore, holdable } from '../../../support/held-store.ts';
import { type Shelves, shelve, stopRenderer } from '../../../support/library.ts';
import { markAndSweep, movableTime } from '../../../support/passing-time.ts';
import { solid } from '../../../support/tintype.ts';

let store: HeldStore;
let picture: Uint8Array;
let other: Uint8Array;

beforeAll(async () => {
  picture = await solid('#00ff00');
  other = await solid('#ff0000');
});
beforeEach(async () => {
  store = holdable(await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 }));
});
afterAll(stopRenderer);

const recordKey = (id: string) => `o/${id}/current.json`;
const writeOver = (id: string, text: string) => store.put(recordKey(id), new TextEncoder().encode(text));
const newest = { by: 'time', since: null } as const;
const idsOf = async ({ originals }: Shelves, on: BlobStore = store) => {
  const page = await new Listing(on, originals).page(newest, { limit: 50, cursor: null });
  return page.originals.map(({ id }) => id).sort();
};

/** A store that is gone for as long as `down`. */
function fallible(inner: BlobStore): BlobStore & { down: boolean } {
  const outage = { down: false };
  const gone = () => Promise.reject(new Failure('store-unreachable', 'The plug is out'));
  return Object.assign(outage, { ...inner, get: (key: string) => (outage.down ? gone() : inner.get(key)) });
}

describe('A record that cannot be read', () => {
  it.each(['{', '{"id":"hurt"}', '', '{"id":"other","deleted":true}'])('(%j) hides no other original', async (text) => {
    const node = await shelve(store);
    await node.put('fine', picture);
    await node.put('hurt', other);
    await writeOver('hurt', text);
    const fresh = await shelve(store);
    expect(await idsOf(fresh)).toEqual(['fine']);
    expect(await rebuildIndexes(store)).toBe(1);
    const { originals, markers } = await markAndSweep(movableTime(), () => fresh.sweep.run({ dryRun: false }));
    vi.restoreAllMocks();
    expect([originals.objects, markers.objects]).toEqual([0, 0]);
    await expect(fresh.originals.find('hurt')).rejects.toMatchObject({ kind: 'damaged-original' });
  });

  it('is mended by storing the picture again', async () => {
    await (await shelve(store)).put('hurt', picture);
    await writeOver('hurt', 'torn');
    const fresh = await shelve(store);
    expect((await fresh.put('hurt', picture)).outcome).toBe('created');
    expect((await fresh.get('hurt', 'f_png')).colour).toBe('#00ff00');
  });

  it('can be deleted', async () => {
    await (await shelve(store)).put('hurt', picture);
    await writeOver('hurt', 'torn');
    const fresh = await shelve(store);
    expect(await fresh.library.remove('hurt', null)).toBe(true);
    expect(await fresh.originals.find('hurt')).toBeNull();
  });
});

describe('A delete on a condition', () => {
  const ifVersion = (version: string) => (current: { readonly version: string } | null) => {
    if (current?.version !== version) throw new Failure('precondition', 'Another one');
  };

  it('never deletes what was stored between the check and the delete', async () => {
    const node = await shelve(store);
    const { original } = await node.put('cat', picture);
    const stop = store.stopAt('replaceIf', /current\.json$/);
    const removing = node.library.remove('cat', ifVersion(original.version));
    await stop.reached;
    await (await shelve(store)).put('cat', other);
    stop.release();
    await expect(removing).rejects.toMatchObject({ kind: 'precondition' });
    expect((await (await shelve(store)).get('cat', 'f_png')).colour).toBe('#ff0000');
  });

  it('leaves nothing that is listed or found, and room for the next of that name', async () => {
    const node = await shelve(store);
    const { original } = await node.put('cat', picture);
    expect(await node.library.remove('cat', ifVersion(original.version))).toBe(true);
    expect(await node.originals.find('cat')).toBeNull();
    expect(await node.library.remove('cat', null)).toBe(false);
    expect(await idsOf(node)).toEqual([]);
    expect((await node.put('cat', other)).outcome).toBe('created');
    expect((await node.get('cat', 'f_png')).colour).toBe('#ff0000');
  });
});

describe('While the store does not answer', () => {
  it('what was known of an original is served beyond its trust, and never taken for confirmed', async () => {
    const outage = fallible(store);
    const node = await shelve(outage, { trust: 0 });
    await node.put('cat', picture);
    await node.get('cat', 'f_png');
    outage.down = true;
    expect(await node.get('cat', 'f_png')).toMatchObject({ tier: 'memory', colour: '#00ff00' });
    await expect(node.originals.confirmed('cat')).rejects.toMatchObject({ kind: 'store-unreachable' });
    await expect(node.originals.find('dog')).rejects.toMatchObject({ kind: 'store-unreachable' });
    await (await shelve(store)).put('cat', other);
    outage.down = false;
    expect((await node.get('cat', 'f_png')).colour).toBe('#ff0000');
  });

  it('an original that is in reach is rendered, though its variant cannot be looked up', async () => {
    const outage = fallible(store);
    const node = await shelve(outage, { trust: 0 });
    await node.put('cat', picture);
    await node.get('cat', 'f_png');
    outage.down = true;
    expect(await node.get('cat', 'f_png,w_5')).toMatchObject({ tier: 'render', colour: '#00ff00' });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { type HeldStore, holdable } from '../support/held-store.ts';
import { type Shelves, shelve, stopRenderer } from '../support/library.ts';
import { solid } from '../support/tintype.ts';

const kindOf = (thrown: unknown) => (thrown instanceof Failure ? thrown.kind : thrown);

/** What must hold whoever comes in between; the same on every store. */
export function races(name: string, open: () => Promise<BlobStore>): void {
  describe(`Threats E9, E10 and G5: on ${name}`, () => {
    let store: HeldStore;
    let node: Shelves;
    let red: Uint8Array;
    let blue: Uint8Array;
    let id: string;
    let count = 0;

    beforeAll(async () => {
      store = holdable(await open());
      node = await shelve(store);
      [red, blue] = await Promise.all([solid('#ff0000'), solid('#0000ff')]);
    });
    beforeEach(() => {
      count += 1;
      id = `race-${count}`;
    });
    afterAll(async () => {
      await node.writeBehind.drain();
      await store.close();
      await stopRenderer();
    });

    it('of two uploads that write the record at once, one wins whole and the other still succeeds', async () => {
      const stop = store.stopAt('putIfAbsent', new RegExp(`^o/${id}/current`));
      const first = node.put(id, red);
      await stop.reached;
      expect((await node.put(id, blue)).outcome).toBe('created');
      stop.release();
      expect((await first).outcome).toBe('replaced');
      expect((await node.get(id, 'f_png,w_8')).colour).toBe('#ff0000');
    });

    it('a picture replaced while it is being rendered is answered to those who wait, and to nobody after', async () => {
      await node.put(id, red);
      const stop = store.stopAt('localPath', new RegExp(`^o/${id}/`));
      const waiting = node.get(id, 'f_png,w_8');
      await stop.reached;
      await node.put(id, blue);
      const after = await node.get(id, 'f_png,w_8');
      stop.release();
      expect((await waiting).colour).toBe('#ff0000');
      expect(after.colour).toBe('#0000ff');
      expect((await node.get(id, 'f_png,w_8')).colour).toBe('#0000ff');
    });

    it('a watermark replaced while a picture that bears it is rendered is seen by whoever asks after that', async () => {
      const [mark, words] = [`${id}-mark`, `l_${id}-mark/f_png`];
      await node.put(id, await solid('#ffffff'));
      await node.put(mark, red);
      const stop = store.stopAt('localPath', new RegExp(`^o/${mark}/`));
      const waiting = node.get(id, words);
      await stop.reached;
      await node.put(mark, blue);
      const after = await node.get(id, words);
      stop.release();
      expect((await waiting).colour).toBe('#ff0000');
      expect(after.colour).toBe('#0000ff');
      expect((await node.get(id, words)).colour).toBe('#0000ff');
    });

    it('a variant purged by its name while it is being rendered is answered to those who wait, and not kept', async () => {
      await node.put(id, red);
      const stop = store.stopAt('localPath', new RegExp(`^o/${id}/`));
      const waiting = node.get(id, 'f_png,w_8');
      await stop.reached;
      const { key } = await node.specify(id, 'f_png,w_8');
      await node.library.purgeVariant(key);
      stop.release();
      expect(await waiting).toMatchObject({ colour: '#ff0000', tier: 'render', stored: false });
      await node.writeBehind.settled(key);
      expect([node.memory.has(key), await store.stat(key)]).toEqual([false, null]);
      // What is made after the purge is kept again.
      expect(await node.get(id, 'f_png,w_8')).toMatchObject({ tier: 'render', stored: true });
      expect(await node.get(id, 'f_png,w_8')).toMatchObject({ tier: 'memory' });
    });

    it('a purge while a variant is being saved makes the next answer a new one', async () => {
      await node.put(id, red);
      const stop = store.stopAt('put', new RegExp(`^v/\\d+/${id}/`));
      const first = await node.get(id, 'f_png,w_8');
      await stop.reached;
      await node.library.purge([id]);
      stop.release();
      await node.writeBehind.drain();
      expect(first.tier).toBe('render');
      expect((await node.get(id, 'f_png,w_8')).tier).toBe('render');
    });

    it('a purge while a variant is being rendered is seen by whoever asks after it', async () => {
      await node.put(id, red);
      const stop = store.stopAt('localPath', new RegExp(`^o/${id}/`));
      const waiting = node.get(id, 'f_png,w_8');
      await stop.reached;
      expect((await node.library.purge([id])).inFlight).toBe(1);
      const after = node.get(id, 'f_png,w_8');
      stop.release();
      expect(await Promise.all([waiting, after])).toMatchObject([
        { tier: 'render' },
        { tier: 'render', collapsed: false },
      ]);
    });

    it('a purge between reading and replacing a record is not lost', async () => {
      const { original } = await node.put(id, red);
      const stop = store.stopAt('replaceIf', new RegExp(`^o/${id}/current`));
      const upload = node.put(id, blue);
      await stop.reached;
      await node.library.purge([id]);
      const purged = await node.originals.describe(id);
      stop.release();
      const replaced = (await upload).original;
      expect(purged.generation).toBeGreaterThan(original.generation);
      expect(replaced.generation).toBeGreaterThan(purged.generation);
    });

    it('a deletion while new bytes come in leaves either nothing or the whole new picture', async () => {
      await node.put(id, red);
      const stop = store.stopAt('replaceIf', new RegExp(`^o/${id}/current`));
      const upload = node.put(id, blue);
      await stop.reached;
      await node.library.remove(id, null);
      stop.release();
      expect((await upload).outcome).toBe('created');
      expect((await node.get(id, 'f_png,w_8')).colour).toBe('#0000ff');
    });

    it('a deletion takes only the bytes it knew: the same bytes uploaded meanwhile stay', async () => {
      await node.put(id, red);
      const stop = store.stopAt('delete', new RegExp(`^o/${id}/[0-9a-f]{64}`));
      const removing = node.library.remove(id, null);
      await stop.reached;
      await node.put(id, red);
      stop.release();
      await removing;
      expect((await node.get(id, 'f_png,w_8')).colour).toBe('#ff0000');
    });

    it('a reader that is overtaken by a deletion finds nothing afterwards', async () => {
      await node.put(id, red);
      const other = await shelve(store);
      const stop = store.stopAt('got', new RegExp(`^o/${id}/current`));
      const reading = other.originals.find(id);
      await stop.reached;
      await other.library.remove(id, null);
      stop.release();
      await reading;
      expect(await other.originals.find(id)).toBeNull();
      expect(await other.get(id, 'w_8').catch(kindOf)).toBe('missing-original');
    });

    it('twenty uploads at once leave one whole picture, and every one of them is acknowledged', async () => {
      const colours = Array.from({ length: 8 }, (_, index) => `#${(16 + index).toString(16)}0000`);
      const outcomes = await Promise.all(
        colours.map(async (colour) => (await node.put(id, await solid(colour))).outcome),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(colours).toContain((await node.get(id, 'f_png,w_8')).colour);
    });

    it('the leader of many waiters may fail without leaving them behind: the next one begins anew', async () => {
      const { original } = await node.put(id, red);
      const bytes = await store.get(original.blob);
      await store.delete([original.blob]);
      const failed = await Promise.all(Array.from({ length: 5 }, () => node.get(id, 'f_png,w_8').catch(kindOf)));
      expect(failed).toEqual(Array.from({ length: 5 }, () => 'damaged-original'));
      if (bytes !== null) await store.put(original.blob, bytes.bytes);
      expect((await node.get(id, 'f_png,w_8')).colour).toBe('#ff0000');
    });
  });
}

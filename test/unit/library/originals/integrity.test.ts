import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/errors.ts';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { openStore } from '../../../../src/store/index.ts';
import { shelve, stopRenderer } from '../../../support/library.ts';
import { solid } from '../../../support/tintype.ts';

let store: BlobStore;

beforeAll(async () => {
  store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 });
});
afterAll(async () => {
  await stopRenderer();
  await store.close();
});

const damaged = (bytes: Uint8Array) => {
  const copy = new Uint8Array(bytes);
  copy[Math.floor(copy.length / 2)] = (copy[Math.floor(copy.length / 2)] ?? 0) ^ 1;
  return copy;
};

async function onlyKey(prefix: string): Promise<string> {
  const { entries } = await store.list(prefix, { limit: 10 });
  return entries.find(({ key }) => !key.endsWith('current.json'))?.key ?? '';
}

describe('A stored variant', () => {
  it.each([
    ['one flipped bit', damaged],
    ['its second half missing', (bytes: Uint8Array) => new Uint8Array(bytes.subarray(0, bytes.length / 2))],
    ['nothing in it', () => new Uint8Array()],
  ])('with %s is a miss: made again, and told to the operator', async (_what, damage) => {
    const node = await shelve(store);
    await node.put('variant', await solid('#00ff00'));
    await node.library.purge(['variant']);
    await node.get('variant', 'f_png,w_8');
    await node.writeBehind.drain();
    const key = await onlyKey('v/0/variant/');
    const blob = await store.get(key);
    await store.put(key, damage(blob?.bytes ?? new Uint8Array()));
    const afterStart = await shelve(store);
    expect(await afterStart.get('variant', 'f_png,w_8')).toMatchObject({ tier: 'render', colour: '#00ff00' });
    expect(afterStart.reports).toEqual(['A stored variant is damaged and will be made again']);
    await afterStart.writeBehind.drain();
    expect((await (await shelve(store)).get('variant', 'f_png,w_8')).tier).toBe('bucket');
  });
});

describe('A stored original', () => {
  it('that was damaged is never rendered after a start, but told to the operator', async () => {
    const node = await shelve(store);
    await node.put('original', await solid('#00ff00'));
    const key = await onlyKey('o/original/');
    const bytes = (await store.get(key))?.bytes ?? new Uint8Array();
    await store.put(key, damaged(bytes));
    const afterStart = await shelve(store);
    const thrown = await afterStart.get('original', 'f_png,w_8').catch((cause: unknown) => cause);
    expect(thrown instanceof Failure && thrown.kind).toBe('damaged-original');
    expect(afterStart.reports).toEqual(['A stored original is damaged']);
    await store.put(key, bytes);
    expect((await afterStart.get('original', 'f_png,w_8')).colour).toBe('#00ff00');
  });

  it('that was damaged breaks off when it is handed out whole', async () => {
    const node = await shelve(store);
    const { original } = await node.put('handed', await solid('#0000ff'));
    const bytes = (await store.get(original.blob))?.bytes ?? new Uint8Array();
    await store.put(original.blob, damaged(bytes));
    const afterStart = await shelve(store);
    const read = async () => {
      let length = 0;
      for await (const chunk of await afterStart.originals.read(original, null)) length += chunk.length;
      return length;
    };
    await expect(read()).rejects.toThrow('are not what was stored');
    await store.put(original.blob, bytes);
    expect(await read()).toBe(bytes.length);
  });
});

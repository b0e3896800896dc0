import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Original } from '../../../../src/library/original.ts';
import { DecisionCache } from '../../../../src/library/selection/decision-cache.ts';
import { readQuality } from '../../../../src/library/selection/quality-search.ts';
import { decisionPrefix } from '../../../../src/library/storage-keys.ts';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { openStore } from '../../../../src/store/index.ts';

let store: BlobStore;
beforeAll(async () => {
  store = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 });
});
afterAll(() => store.close());

const original = { id: 'cat', version: 'a'.repeat(64), generation: 1 } as Original;

it.each(['', '0', '101', 'constructor', '9'.repeat(100_000)])(
  'a stored decision that cannot be read (%.20s) is counted, unknown, and replaced by the next one',
  async (text) => {
    const question = `q.${text.length}`;
    const key = decisionPrefix(original) + question;
    await store.put(key, new TextEncoder().encode(text));
    let damaged = 0;
    const open = () => new DecisionCache({ store, report: () => {}, onDamaged: () => damaged++ });
    expect(await open().find(original, question, readQuality)).toBeNull();
    expect(await open().putIfAbsent(original, question, '70', readQuality)).toBe(70);
    expect(damaged).toBe(2);
    expect(await open().find(original, question, readQuality)).toBe(70);
  },
);

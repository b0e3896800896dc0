import { expect, test } from 'vitest';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { allKeys, bytesOf, inTurns } from './blobs.ts';

/** Order, pages and prefixes. */
export function listingPromises(store: () => BlobStore): void {
  const some = [
    'a',
    'a-b',
    'a.b/c',
    'aa/b/c',
    'aa/b0',
    'aa0',
    'b/c',
    'b/c!/d',
    'b/c0',
    'ba',
    'c/x/y/1',
    'c/x/y/2',
    'd',
  ];

  test('list goes in byte order of whole keys, at every page size', async () => {
    await inTurns(some, (key) => store().put(key, bytesOf(key)));
    const sorted = [...some].sort();
    for (const limit of [1, 2, 3, 1000]) expect(await allKeys(store(), '', limit)).toEqual(sorted);
  });

  test('list keeps to its prefix, which may end within a name', async () => {
    await inTurns(some, (key) => store().put(key, bytesOf(key)));
    for (const prefix of ['a', 'aa', 'aa/', 'aa/b', 'b/c', 'b/c!', 'c/x/', 'c/x/y/2', 'd', 'e', 'c/y']) {
      const expected = some.filter((key) => key.startsWith(prefix)).sort();
      expect(await allKeys(store(), prefix, 2)).toEqual(expected);
    }
  });

  test('list goes on after any string, whether it is a key or not', async () => {
    await inTurns(some, (key) => store().put(key, bytesOf(key)));
    for (const after of ['a', 'a/', 'aa', 'aa/', 'aa/b/', 'aa/b/c', 'aa/bz', 'b', 'c/x/y/1', 'c/x/z', 'd', 'zz']) {
      const page = await store().list('', { after, limit: 1000 });
      expect(page.entries.map((entry) => entry.key)).toEqual(some.filter((key) => key > after).sort());
      expect(page.next).toBeNull();
    }
  });

  test('the last page says that it is the last, even when it is full', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await store().put(key, bytesOf('xyz'));
    const first = await store().list('a/', { limit: 1 });
    expect(first).toMatchObject({ entries: [{ key: 'a/1', bytes: 3 }], next: 'a/1' });
    const last = await store().list('a/', { after: 'a/1', limit: 1 });
    expect(last).toMatchObject({ entries: [{ key: 'a/2', bytes: 3 }], next: null });
  });

  test('list misses nothing that stands while others come and go', async () => {
    const standing = Array.from({ length: 60 }, (_, n) => `l/${n % 4}/${String(n).padStart(2, '0')}`);
    await inTurns(standing, (key) => store().put(key, bytesOf('')));
    const churn = async (): Promise<void> => {
      for (let n = 0; n < 40; n += 1) {
        const key = `l/${n % 5}/${String(n % 60).padStart(2, '0')}-`;
        await store().put(key, bytesOf(''));
        await store().delete([key]);
      }
    };
    const [seen] = await Promise.all([allKeys(store(), 'l/', 7), churn(), churn()]);
    expect(seen.filter((key) => !key.endsWith('-'))).toEqual([...standing].sort());
  });

  test.each([0, 1001, 1.5, Number.NaN])('a page of %d entries is a bug of ours', async (limit) => {
    await expect(store().list('', { limit })).rejects.toThrow(TypeError);
  });

  test.each(['/', '../', 'a//', 'a/../b', 'tmp/'])('the prefix %j is a bug of ours', async (prefix) => {
    await expect(store().list(prefix, { limit: 1 })).rejects.toThrow(TypeError);
  });
}

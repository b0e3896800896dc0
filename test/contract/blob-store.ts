import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { listingPromises } from './blob-store-listing.ts';
import { racePromises } from './blob-store-races.ts';
import { writingPromises } from './blob-store-writing.ts';
import { allKeys, bytesOf, textAt } from './blobs.ts';

/** The promises of `BlobStore`, each as one test. `open` gives a new, empty store. */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name} keeps the promises of a blob store`, () => {
    let opened: BlobStore;
    const store = (): BlobStore => opened;

    beforeEach(async () => {
      opened = await open();
    });

    afterEach(async () => {
      await opened.close();
    });

    namePromises(store);
    writingPromises(store);
    racePromises(store);
    listingPromises(store);
  });
}

/** Which names there are, and what stands under the others. */
function namePromises(store: () => BlobStore): void {
  test.each(['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/./b', 'a/../b', '../a', 'é', 'a\nb', 'a\0b', 'a\x7f'])(
    'the name %j is a bug of ours',
    async (key) => {
      await expect(store().get(key)).rejects.toThrow(TypeError);
      await expect(store().read(key)).rejects.toThrow(TypeError);
      await expect(store().stat(key)).rejects.toThrow(TypeError);
      await expect(store().put(key, bytesOf('x'))).rejects.toThrow(TypeError);
      await expect(store().putIfAbsent(key, bytesOf('x'))).rejects.toThrow(TypeError);
      await expect(store().replaceIf(key, bytesOf('x'), 'tag')).rejects.toThrow(TypeError);
      await expect(store().delete([key])).rejects.toThrow(TypeError);
      await expect(store().localPath(key)).rejects.toThrow(TypeError);
    },
  );

  test.each([
    ['reserved', 'tmp/a'],
    ['reserved', 'tmp'],
    ['reserved', '.lock'],
    ['reserved', '.a/b'],
    ['longer than a file name may be', 'a'.repeat(256)],
    ['longer than 900 bytes', `${'a/'.repeat(450)}a`],
  ])('a name that is %s is a bug of ours', async (_why, key) => {
    await expect(store().put(key, bytesOf('x'))).rejects.toThrow(TypeError);
  });

  test.each([
    ['of one byte', 'a'],
    ['of many folders', 'a/b/c/d/e/f'],
    ['of every kind of sign', '~ !"#$%&\'()*+,-.:;<=>?@[\\]^_`{|}'],
    ['that looks escaped', 'a%2Fb/a%00'],
    ['with dots in it', 'a/.b/..c/...'],
    ['that is nearly reserved', 'tmpfile/a'],
    ['as long as a file name may be', 'a'.repeat(255)],
    ['of 900 bytes', `${'a'.repeat(224)}/${'b'.repeat(224)}/${'c'.repeat(224)}/${'d'.repeat(225)}`],
  ])('a name %s is kept and listed as it is', async (_what, key) => {
    await store().put(key, bytesOf(key));
    expect(await textAt(store(), key)).toBe(key);
    expect(await allKeys(store(), '')).toEqual([key]);
    await store().delete([key]);
    expect(await store().get(key)).toBeNull();
  });

  test('names compare byte for byte', async () => {
    for (const key of ['id/A', 'id/a', 'id/a ', 'id/%61']) await store().put(key, bytesOf(key));
    for (const key of ['id/A', 'id/a', 'id/a ', 'id/%61']) expect(await textAt(store(), key)).toBe(key);
  });

  test('what was never written is null, not an error', async () => {
    expect(await store().get('no/such')).toBeNull();
    expect(await store().read('no/such')).toBeNull();
    expect(await store().read('no/such', { start: 0, end: 1 })).toBeNull();
    expect(await store().stat('no/such')).toBeNull();
    expect(await store().localPath('no/such')).toBeNull();
    expect(await store().replaceIf('no/such', bytesOf('x'), 'tag')).toBeNull();
    expect(await store().list('no/', { limit: 10 })).toEqual({ entries: [], next: null });
    expect(await store().get('no/such')).toBeNull();
  });

  test('what stands beside or above a name is not it', async () => {
    await store().put('a/b', bytesOf('x'));
    expect(await store().get('a')).toBeNull();
    expect(await store().stat('a')).toBeNull();
    expect(await store().localPath('a')).toBeNull();
    expect(await store().get('a/b/c')).toBeNull();
    expect(await store().stat('a/b/c')).toBeNull();
  });
}

import { expect, test } from 'vitest';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { allKeys, bytesOf, inTurns, textAt, textOf } from './blobs.ts';

/** One winner, and deletes that stay out of the way. */
export function racePromises(store: () => BlobStore): void {
  test('putIfAbsent writes where nothing stands and only there', async () => {
    expect(await store().putIfAbsent('a/b', bytesOf('first'))).toBe(true);
    expect(await store().putIfAbsent('a/b', bytesOf('second'))).toBe(false);
    expect(await textAt(store(), 'a/b')).toBe('first');
    await store().delete(['a/b']);
    expect(await store().putIfAbsent('a/b', bytesOf('fourth'))).toBe(true);
    expect(await textAt(store(), 'a/b')).toBe('fourth');
  });

  test('putIfAbsent has exactly one winner among racing writers', async () => {
    const writers = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    const won = await Promise.all(writers.map((text) => store().putIfAbsent('race/a', bytesOf(text))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await textAt(store(), 'race/a')).toBe(writers[won.indexOf(true)]);
  });

  test('replaceIf writes while the tag still holds, and answers the next tag', async () => {
    await store().put('a', bytesOf('0'));
    let tag = (await store().get('a'))?.tag ?? '';
    for (const text of ['1', '2', '3']) {
      const next = await store().replaceIf('a', bytesOf(text), tag);
      expect(next).not.toBeNull();
      expect(next).not.toBe(tag);
      expect((await store().get('a'))?.tag).toBe(next);
      tag = next ?? '';
    }
    expect(await textAt(store(), 'a')).toBe('3');
  });

  test('replaceIf declines an old tag and changes nothing', async () => {
    await store().put('a', bytesOf('0'));
    const old = (await store().get('a'))?.tag ?? '';
    await store().put('a', bytesOf('1'));
    expect(await store().replaceIf('a', bytesOf('2'), old)).toBeNull();
    expect(await textAt(store(), 'a')).toBe('1');
    await store().delete(['a']);
    expect(await store().replaceIf('a', bytesOf('2'), old)).toBeNull();
    expect(await store().get('a')).toBeNull();
  });

  test('replaceIf has exactly one winner among racing writers', async () => {
    await store().put('race/a', bytesOf('0'));
    const tag = (await store().get('race/a'))?.tag ?? '';
    const writers = ['1', '2', '3', '4', '5', '6', '7', '8'];
    const tags = await Promise.all(writers.map((text) => store().replaceIf('race/a', bytesOf(text), tag)));
    const won = tags.findIndex((next) => next !== null);
    expect(tags.filter((next) => next !== null)).toHaveLength(1);
    expect(await store().get('race/a')).toMatchObject({ tag: tags[won] });
    expect(await textAt(store(), 'race/a')).toBe(writers[won]);
  });

  test('a counter raised by racing compare-and-swaps counts every one', async () => {
    await store().put('counter', bytesOf('0'));
    const raise = async (): Promise<void> => {
      for (;;) {
        const seen = await store().get('counter');
        if (seen === null) throw new Error('Expected a counter but received null');
        const next = bytesOf(String(Number(textOf(seen.bytes)) + 1));
        if ((await store().replaceIf('counter', next, seen.tag)) !== null) return;
      }
    };
    await Promise.all([raise(), raise(), raise(), raise(), raise()]);
    expect(await textAt(store(), 'counter')).toBe('5');
  });

  test('delete removes what is named and nothing else; what is missing is no error', async () => {
    for (const key of ['a/1', 'a/2', 'a/22', 'b']) await store().put(key, bytesOf(key));
    await store().delete(['a/2', 'a/3', 'c', 'd/e/f']);
    expect(await allKeys(store(), '')).toEqual(['a/1', 'a/22', 'b']);
    await store().delete([]);
    await store().delete(['a/2', 'a/1', 'a/22', 'b', 'b']);
    expect(await allKeys(store(), '')).toEqual([]);
  });

  test('more than a thousand keys are deleted in one call', async () => {
    const keys = Array.from({ length: 1203 }, (_, n) => `many/${String(n).padStart(4, '0')}`);
    await inTurns(keys, (key) => store().put(key, bytesOf('')));
    expect(await allKeys(store(), 'many/')).toEqual(keys);
    await store().delete(keys.slice(1));
    expect(await allKeys(store(), '')).toEqual(keys.slice(0, 1));
  });

  test('writers and deleters of neighbours do not disturb each other', async () => {
    const rounds = Array.from({ length: 30 }, async (_, n) => {
      const key = `deep/er/folder/${n % 6}-${n}`;
      await store().put(key, bytesOf(key));
      expect(await textAt(store(), key)).toBe(key);
      await store().delete([key]);
      expect(await store().get(key)).toBeNull();
    });
    await Promise.all(rounds);
    expect(await allKeys(store(), '')).toEqual([]);
  });
}

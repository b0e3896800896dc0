import { randomBytes } from 'node:crypto';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { allKeys, bytesOf, drain, textAt, textOf } from './blobs.ts';

/** What goes in comes out, whole. */
export function writingPromises(store: () => BlobStore): void {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-contract-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const fileOf = async (bytes: Uint8Array): Promise<string> => {
    const path = join(folder, randomBytes(8).toString('hex'));
    await writeFile(path, bytes);
    return path;
  };

  const lengths = [0, 1, 1000, 3_000_000];
  test.each(lengths.flatMap((length) => [[length, 'durable'] as const, [length, 'remakeable'] as const]))(
    '%d bytes come back as they were put, %s',
    async (length, lasting) => {
      const bytes = new Uint8Array(randomBytes(length));
      await store().put('a/b', bytes, lasting);
      expect(Buffer.compare((await store().get('a/b'))?.bytes ?? bytesOf('?'), bytes)).toBe(0);
      expect(Buffer.compare(await drain(await store().read('a/b')), bytes)).toBe(0);
    },
  );

  test('its clock, where it has one, shows the time of what is written now', async () => {
    await store().put('a', bytesOf('x'));
    const { modified } = (await store().stat('a')) ?? { modified: 0 };
    expect(Math.abs((store().clock() ?? modified) - modified)).toBeLessThan(2000);
  });

  test('touching changes no bytes, makes nothing older, and finds nothing wrong with what is not there', async () => {
    await store().put('a/used', bytesOf('x'));
    const before = (await store().stat('a/used'))?.modified ?? Number.POSITIVE_INFINITY;
    await store().touch(['a/used', 'a/missing']);
    expect((await store().stat('a/used'))?.modified).toBeGreaterThanOrEqual(before);
    expect(await textAt(store(), 'a/used')).toBe('x');
    expect(await store().stat('a/missing')).toBeNull();
  });

  test.each([0, 1000, 3_000_000])('a file of %d bytes comes back as it was put', async (length) => {
    const bytes = new Uint8Array(randomBytes(length));
    await store().put('a/put', { path: await fileOf(bytes) });
    expect(await store().putIfAbsent('a/absent', { path: await fileOf(bytes) })).toBe(true);
    for (const key of ['a/put', 'a/absent']) {
      expect(Buffer.compare((await store().get(key))?.bytes ?? bytesOf('?'), bytes)).toBe(0);
    }
  });

  test('what a caller does to its bytes afterwards changes nothing', async () => {
    const given = bytesOf('as it was');
    await store().put('a', given);
    given.fill(0);
    const read = await store().get('a');
    expect(textOf(read?.bytes)).toBe('as it was');
    read?.bytes.fill(0);
    expect(await textAt(store(), 'a')).toBe('as it was');
  });

  test('a put over a put leaves the second', async () => {
    await store().put('a', bytesOf('a longer first'));
    await store().put('a', bytesOf('second'));
    expect(await textAt(store(), 'a')).toBe('second');
    expect((await store().stat('a'))?.bytes).toBe(6);
  });

  test('a reader that began before a write sees the old bytes whole, or the new ones whole', async () => {
    const old = new Uint8Array(2_000_000).fill(1);
    await store().put('a', old);
    const reading = await store().read('a');
    await store().put('a', new Uint8Array(2_000_000).fill(2));
    const seen = await drain(reading);
    expect(seen.byteLength).toBe(2_000_000);
    expect(new Set(seen).size).toBe(1);
  });

  test('readers among racing writers never see a part or a mixture', async () => {
    const sizeOf = (colour: number): number => 10_000 + colour * 997;
    const write = (colour: number): Promise<void> => store().put('a', new Uint8Array(sizeOf(colour)).fill(colour));
    await write(1);
    const writers = [2, 3, 4, 5, 6, 7, 8, 9].map(write);
    const readers = Array.from({ length: 20 }, async () => {
      const seen = (await store().get('a'))?.bytes ?? new Uint8Array();
      expect(new Set(seen).size).toBe(1);
      expect(seen.byteLength).toBe(sizeOf(seen[0] ?? 0));
    });
    await Promise.all([...writers, ...readers]);
  });

  test.each([
    [0, 0],
    [0, 9],
    [3, 5],
    [9, 9],
  ])('the range %d-%d has its first and its last byte', async (start, end) => {
    await store().put('a', bytesOf('0123456789'));
    expect(textOf(await drain(await store().read('a', { start, end })))).toBe('0123456789'.slice(start, end + 1));
  });

  test.each([
    [5, 10],
    [10, 12],
  ])('a range %d-%d past the end fails instead of being short', async (start, end) => {
    await store().put('a', bytesOf('0123456789'));
    const reading = store().read('a', { start, end }).then(drain);
    await expect(reading).rejects.toMatchObject({ name: 'Failure', kind: 'store-unreachable' });
  });

  test.each([
    [-1, 3],
    [3, 2],
    [0.5, 3],
    [0, Number.NaN],
  ])('the range %d-%d is a bug of ours', async (start, end) => {
    await store().put('a', bytesOf('0123456789'));
    await expect(store().read('a', { start, end })).rejects.toThrow(TypeError);
  });

  test('a stream may be dropped half read, many times', async () => {
    await store().put('a', new Uint8Array(1_000_000));
    for (let i = 0; i < 60; i += 1) (await store().read('a'))?.on('error', () => undefined).destroy();
    expect((await drain(await store().read('a'))).byteLength).toBe(1_000_000);
  });

  test('stat tells size and time of the last write', async () => {
    const before = Date.now();
    await store().put('a/b', bytesOf('12345'));
    const entry = await store().stat('a/b');
    expect(entry).toMatchObject({ key: 'a/b', bytes: 5 });
    // S3 counts in seconds, and its clock is its own.
    expect(Math.abs((entry?.modified ?? 0) - before)).toBeLessThan(5000);
  });

  test('a local file holds the bytes until it is released', async () => {
    const bytes = new Uint8Array(randomBytes(100_000));
    await store().put('a', bytes);
    const files = await Promise.all([store().localPath('a'), store().localPath('a')]);
    for (const file of files) expect(Buffer.compare(await readFile(file?.path ?? ''), bytes)).toBe(0);
    files[0]?.release();
    files[0]?.release();
    expect(Buffer.compare(await readFile(files[1]?.path ?? ''), bytes)).toBe(0);
    files[1]?.release();
  });

  test('a local file asked for after a write has the new bytes, after a delete there is none', async () => {
    await store().put('a', bytesOf('old'));
    (await store().localPath('a'))?.release();
    await store().put('a', bytesOf('new'));
    const file = await store().localPath('a');
    expect(await readFile(file?.path ?? '', 'utf8')).toBe('new');
    file?.release();
    const tag = (await store().get('a'))?.tag ?? '';
    await store().replaceIf('a', bytesOf('newer'), tag);
    const next = await store().localPath('a');
    expect(await readFile(next?.path ?? '', 'utf8')).toBe('newer');
    next?.release();
    await store().delete(['a']);
    expect(await store().localPath('a')).toBeNull();
  });

  test('a body that is not there is a Failure and leaves nothing', async () => {
    const path = join(folder, 'no such file');
    await expect(store().put('a', { path })).rejects.toMatchObject({ name: 'Failure', kind: 'store-unreachable' });
    await expect(store().putIfAbsent('a', { path })).rejects.toMatchObject({ kind: 'store-unreachable' });
    await expect(access(path)).rejects.toThrow('ENOENT');
    expect(await allKeys(store(), '')).toEqual([]);
  });

  test('a healthy store has nothing against a probe, and a probe leaves nothing', async () => {
    await Promise.all([store().probe(), store().probe()]);
    await store().probe();
    expect(await allKeys(store(), '')).toEqual([]);
  });

  test('its name is for people', () => {
    expect(store().name).toMatch(/^(memory:|file:\/|s3:\/\/)/);
  });
}

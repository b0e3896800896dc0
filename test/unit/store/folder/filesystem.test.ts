import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { FolderStore } from '../../../../src/store/folder/filesystem.ts';
import { allKeys, bytesOf, textAt } from '../../../contract/blobs.ts';

let place: string;
let root: string;
let store: BlobStore;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'tintype-folder-'));
  root = join(place, 'data');
  store = await FolderStore.open(root);
});

afterEach(async () => {
  await store.close();
  await rm(place, { recursive: true });
});

const unreachable = { name: 'Failure', kind: 'store-unreachable' };
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

/** Root may enter every folder, whatever its mode: it is nobody meanwhile. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** What stands in the folder besides the store's own matters. */
async function namesInRoot(): Promise<string[]> {
  return (await readdir(root)).filter((name) => name !== 'tmp' && !name.startsWith('.')).sort();
}

describe('a blob is a file', () => {
  test('its key is its path, others may read neither it nor its folder', async () => {
    const before = process.umask(0);
    try {
      await store.put('o/cat/current.json', bytesOf('{}'));
      await writeFile(join(place, 'upload'), 'jpeg', { mode: 0o777 });
      await store.putIfAbsent('o/cat/bytes', { path: join(place, 'upload') });
    } finally {
      process.umask(before);
    }
    expect(await readFile(join(root, 'o/cat/current.json'), 'utf8')).toBe('{}');
    expect(await modeOf(join(root, 'o/cat'))).toBe('750');
    expect(await modeOf(join(root, 'o/cat/current.json'))).toBe('640');
    expect(await modeOf(join(root, 'o/cat/bytes'))).toBe('640');
  });

  test('a finished file of the same file system is moved, not copied, and counts as new', async () => {
    const path = join(place, 'upload');
    await writeFile(path, 'jpeg');
    execFileSync('touch', ['-d', '2001-02-03', path]);
    const { ino } = await stat(path);
    await store.put('o/cat/bytes', { path });
    expect((await stat(join(root, 'o/cat/bytes'))).ino).toBe(ino);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    expect(Date.now() - ((await store.stat('o/cat/bytes'))?.modified ?? 0)).toBeLessThan(60_000);
  });

  test('its local path is the file itself', async () => {
    await store.put('o/cat/bytes', bytesOf('jpeg'));
    expect((await store.localPath('o/cat/bytes'))?.path).toBe(join(root, 'o/cat/bytes'));
  });

  test('what was written stands in the folder that is opened next', async () => {
    await store.put('a/b', bytesOf('kept'));
    await store.close();
    store = await FolderStore.open(root);
    expect(await textAt(store, 'a/b')).toBe('kept');
  });
});

describe('nothing is left over', () => {
  test('temp files of a killed process are gone when the folder is opened', async () => {
    await store.close();
    await writeFile(join(root, 'tmp/half-written'), 'jp');
    await mkdir(join(root, 'tmp/folder'));
    store = await FolderStore.open(root);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('writes, lost races and probes leave no temp file', async () => {
    await store.put('a', bytesOf('1'));
    await store.putIfAbsent('a', bytesOf('2'));
    await Promise.all(['3', '4', '5'].map((text) => store.putIfAbsent('b', bytesOf(text))));
    const tag = (await store.get('a'))?.tag ?? '';
    await Promise.all(['6', '7', '8'].map((text) => store.replaceIf('a', bytesOf(text), tag)));
    await store.probe();
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('a folder goes with its last blob, and no further than the folders that are empty', async () => {
    await store.put('o/cat/auto/1', bytesOf(''));
    await store.put('o/dog/current.json', bytesOf(''));
    await store.delete(['o/cat/auto/1']);
    expect(await readdir(join(root, 'o'))).toEqual(['dog']);
    await store.delete(['o/dog/current.json']);
    expect(await namesInRoot()).toEqual([]);
  });

  test('looking for what is missing makes no folder', async () => {
    await store.replaceIf('x/y/z', bytesOf(''), 'tag');
    await store.delete(['x/y/z']);
    await store.list('x/y/', { limit: 1 });
    expect(await namesInRoot()).toEqual([]);
  });
});

describe('symbolic links lead nowhere', () => {
  let outside: string;

  beforeEach(async () => {
    outside = join(place, 'data-secret');
    await mkdir(outside);
    await writeFile(join(outside, 'passwd'), 'root');
  });

  test('what stands behind a linked folder is missing, unlisted, undeletable and unwritable', async () => {
    await store.put('o/cat/1', bytesOf('cat'));
    await symlink(outside, join(root, 'o/link'));
    expect(await store.get('o/link/passwd')).toBeNull();
    expect(await store.read('o/link/passwd')).toBeNull();
    expect(await store.stat('o/link/passwd')).toBeNull();
    expect(await store.localPath('o/link/passwd')).toBeNull();
    expect(await allKeys(store, '')).toEqual(['o/cat/1']);
    expect(await allKeys(store, 'o/link/')).toEqual([]);
    await store.delete(['o/link/passwd']);
    await expect(store.put('o/link/passwd', bytesOf('mine'))).rejects.toMatchObject(unreachable);
    await expect(store.putIfAbsent('o/link/new', bytesOf('mine'))).rejects.toMatchObject(unreachable);
    await expect(store.put('o/link/new/er', bytesOf('mine'))).rejects.toMatchObject(unreachable);
    expect(await readdir(outside)).toEqual(['passwd']);
    expect(await readFile(join(outside, 'passwd'), 'utf8')).toBe('root');
  });

  test('a link that leads nowhere is refused for writes', async () => {
    await symlink(join(place, 'nowhere'), join(root, 'o'));
    await expect(store.put('o/cat', bytesOf('mine'))).rejects.toMatchObject(unreachable);
    await expect(stat(join(place, 'nowhere'))).rejects.toThrow('ENOENT');
  });

  test('a link in the place of a blob is missing, and a put replaces the link, not what it leads to', async () => {
    await symlink(join(outside, 'passwd'), join(root, 'cat'));
    expect(await store.get('cat')).toBeNull();
    expect(await store.localPath('cat')).toBeNull();
    expect(await store.replaceIf('cat', bytesOf('mine'), 'tag')).toBeNull();
    await store.put('cat', bytesOf('mine'));
    expect(await textAt(store, 'cat')).toBe('mine');
    expect(await readFile(join(outside, 'passwd'), 'utf8')).toBe('root');
  });

  test('a store whose own folder became a link reads and writes nothing behind it', async () => {
    await store.put('cat', bytesOf('cat'));
    await rename(root, join(place, 'moved'));
    await symlink(outside, root);
    expect(await store.get('passwd')).toBeNull();
    expect(await allKeys(store, '')).toEqual([]);
    await expect(store.put('cat', bytesOf('mine'))).rejects.toMatchObject(unreachable);
    await expect(store.probe()).rejects.toMatchObject(unreachable);
    expect(await readdir(outside)).toEqual(['passwd']);
  });

  test('a linked folder may be given as the root: it is resolved once, at the start', async () => {
    await symlink(outside, join(place, 'by-link'));
    const linked = await FolderStore.open(join(place, 'by-link'));
    expect(linked.name).toBe(`file:${outside}`);
    expect(await textAt(linked, 'passwd')).toBe('root');
    await linked.close();
  });
});

test('a page opens only the folders that can hold its keys', async () => {
  const numbers = ['0', '1', '2', '3', '4'];
  const keys = numbers.flatMap((a) => numbers.flatMap((b) => numbers.map((c) => `i/t/${a}/${b}/${c}`)));
  for (const key of keys) await store.put(key, bytesOf(''));
  execFileSync('chmod', ['-R', 'a+rX', place]);
  const needed = new Set(['2', '2/3', '2/4', '3', '3/0']);
  for (const folder of numbers.flatMap((a) => [...numbers.map((b) => `${a}/${b}`), a])) {
    if (!needed.has(folder)) await chmod(join(root, 'i/t', folder), 0);
  }
  const page = await asNobody(() => store.list('i/t/', { after: 'i/t/2/3/2', limit: 8 }));
  expect(page.entries.map((entry) => entry.key)).toEqual(keys.slice(keys.indexOf('i/t/2/3/3')).slice(0, 8));
  expect(page.next).toBe('i/t/3/0/0');
});

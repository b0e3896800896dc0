import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../../../src/store/blob-store.ts';
import { FolderStore } from '../../../src/store/filesystem.ts';
import { allKeys, bytesOf, textAt } from '../../contract/blobs.ts';

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

const storeModule = new URL('../../../src/store/filesystem.ts', import.meta.url).href;
const unreachable = { name: 'Failure', kind: 'store-unreachable' };
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

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

  test('a finished file of another file system is copied and taken away', async (context) => {
    const far = await mkdtemp('/dev/shm/tintype-').catch(() => null);
    const isFar = far !== null && (await stat(far)).dev !== (await stat(root)).dev;
    context.skip(!isFar, 'needs /dev/shm on another file system than the temporary folder');
    const upload = join(far ?? '', 'upload');
    await writeFile(upload, 'jpeg');
    await store.put('o/cat/bytes', { path: upload });
    expect(await textAt(store, 'o/cat/bytes')).toBe('jpeg');
    await expect(stat(upload)).rejects.toThrow('ENOENT');
    await rm(dirname(upload), { recursive: true });
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

describe('trouble with the folder', () => {
  test('a folder removed under us is missing for readers and comes back with the next write', async () => {
    await store.put('a/b/c', bytesOf('1'));
    await rm(root, { recursive: true });
    expect(await store.get('a/b/c')).toBeNull();
    expect(await allKeys(store, '')).toEqual([]);
    await store.put('a/b/c', bytesOf('2'));
    await store.probe();
    expect(await textAt(store, 'a/b/c')).toBe('2');
  });

  test('a file where a folder should be is a Failure for writers, and its sentence names no path', async () => {
    await writeFile(join(root, 'o'), 'a file');
    const writing = store.put('o/cat/1', bytesOf(''));
    await expect(writing).rejects.toMatchObject(unreachable);
    await expect(writing).rejects.toThrow('Expected the store to write a blob but received ENOTDIR');
    await expect(writing).rejects.toMatchObject({ cause: { code: 'ENOTDIR' } });
    expect(await store.get('o/cat/1')).toBeNull();
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('a folder that cannot be opened stops the start in one sentence', async () => {
    await writeFile(join(place, 'file'), '');
    await expect(FolderStore.open(join(place, 'file'))).rejects.toThrow(
      `Expected a folder for the store at ${join(place, 'file')} but received EEXIST`,
    );
    await expect(FolderStore.open(join(place, 'file/under'))).rejects.toThrow('ENOTDIR');
  });

  test('a folder we may not enter is a Failure, not a missing blob', async (context) => {
    context.skip(process.platform === 'win32', 'needs users');
    await store.put('o/cat', bytesOf(''));
    await chmod(join(root, 'o'), 0);
    // Root may enter every folder: be nobody meanwhile.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(store.get('o/cat')).rejects.toThrow('Expected the store to read a blob but received EACCES');
      await expect(store.stat('o/cat')).rejects.toMatchObject(unreachable);
      await expect(store.put('o/dog', bytesOf(''))).rejects.toMatchObject(unreachable);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('a process out of file handles gets Failures, no nulls, and recovers', async (context) => {
    await store.put('o/cat', new Uint8Array(1000));
    await store.close();
    const script = join(place, 'greedy.mts');
    await writeFile(
      script,
      `import { openSync, closeSync } from 'node:fs';
      import { FolderStore } from ${JSON.stringify(storeModule)};
      const store = await FolderStore.open(${JSON.stringify(root)});
      const told = async () => {
        try { return (await store.get('o/cat')) === null ? 'missing' : 'found'; } catch (error) { return error.kind; }
      };
      const taken = [];
      try { for (;;) taken.push(openSync('/dev/null')); } catch {}
      const without = await told();
      taken.forEach((handle) => closeSync(handle));
      console.log(without, await told());
      await store.close();`,
    );
    const { status, stdout } = spawnSync('sh', [
      '-c',
      `ulimit -n 100; exec "$0" --import tsx "${script}"`,
      process.execPath,
    ]);
    context.skip(status === 127, 'needs sh');
    expect(stdout.toString().trim()).toBe('store-unreachable found');
  });

  test('a full disk is disk-full, leaves no debris, spares what stands, and passes when there is room', async (context) => {
    const disk = join(place, 'disk');
    await mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', disk]).status === 0;
    context.skip(!mounted, 'needs the right to mount a tmpfs of 8 MB');
    try {
      const small = await FolderStore.open(join(disk, 'data'));
      const big = new Uint8Array(randomBytes(3_000_000));
      await small.put('v/1', big);
      await small.put('v/2', big);
      const tag = (await small.get('v/1'))?.tag ?? '';
      const full = { name: 'Failure', kind: 'disk-full' };
      await expect(small.put('v/3', big)).rejects.toMatchObject(full);
      await expect(small.putIfAbsent('v/3', big)).rejects.toMatchObject(full);
      await expect(small.replaceIf('v/1', big, tag)).rejects.toMatchObject(full);
      await writeFile(join(place, 'upload'), big);
      await expect(small.put('v/3', { path: join(place, 'upload') })).rejects.toMatchObject(full);
      expect(await readdir(join(disk, 'data/tmp'))).toEqual([]);
      expect(Buffer.compare((await small.get('v/1'))?.bytes ?? big.subarray(1), big)).toBe(0);
      expect(await allKeys(small, '')).toEqual(['v/1', 'v/2']);
      await small.delete(['v/2']);
      await small.put('v/3', big);
      await small.close();
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});

describe('what is acknowledged is on disk', () => {
  /** The system calls of one put of `big/folder/blob`, in order, as strace saw them: name and path. */
  async function callsOfAPut(): Promise<readonly string[] | null> {
    const script = `
      import { FolderStore } from ${JSON.stringify(storeModule)};
      const store = await FolderStore.open(${JSON.stringify(join(place, 'traced'))});
      await store.put('big/folder/blob', new Uint8Array(10));
      process.exit(0);`;
    const log = join(place, 'strace.log');
    await writeFile(join(place, 'put.mts'), script);
    const { status } = spawnSync('strace', [
      '-f',
      '-y',
      '-e',
      'trace=write,fsync,rename,renameat2',
      '-o',
      log,
      process.execPath,
      '--import',
      'tsx',
      join(place, 'put.mts'),
    ]);
    if (status !== 0) return null;
    return (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes(join(place, 'traced')));
  }

  test('a put is bytes, fsync, name, and fsync of every folder whose names changed', async (context) => {
    const calls = await callsOfAPut();
    context.skip(calls === null, 'needs strace and the right to use it');
    const traced = join(place, 'traced');
    const steps = [
      /write\(\d+<[^>]*\/tmp\//,
      /fsync\(\d+<[^>]*\/tmp\//,
      /rename/,
      new RegExp(`fsync\\(\\d+<${traced}/big/folder>`),
      new RegExp(`fsync\\(\\d+<${traced}/big>`),
      new RegExp(`fsync\\(\\d+<${traced}>`),
    ];
    const at = steps.map((step) => (calls ?? []).findIndex((line) => step.test(line)));
    expect(at).not.toContain(-1);
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });
});

test('a page of 50 among 20 000 markers reads a handful of folders', async () => {
  for (let n = 0; n < 20_000; n += 1) {
    const key = `i/t/${Math.floor(n / 10_000)}/${Math.floor(n / 100) % 100}/${String(n).padStart(5, '0')}`;
    if (n % 100 === 0) mkdirSync(dirname(join(root, key)), { recursive: true });
    writeFileSync(join(root, key), '');
  }
  const times: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const began = performance.now();
    const page = await store.list('i/t/', { after: `i/t/${n % 2}/${n * 3}/`, limit: 50 });
    times.push(performance.now() - began);
    expect(page.entries).toHaveLength(50);
  }
  // Measured 1 ms; reading every folder takes 60 ms.
  expect(times.sort((a, b) => a - b)[10]).toBeLessThan(10);
});

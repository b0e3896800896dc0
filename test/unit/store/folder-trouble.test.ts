import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  test('a folder we may not enter is a Failure, not a missing blob', async () => {
    await store.put('o/cat', bytesOf(''));
    await chmod(join(root, 'o'), 0);
    await asNobody(async () => {
      await expect(store.get('o/cat')).rejects.toThrow('Expected the store to read a blob but received EACCES');
      await expect(store.stat('o/cat')).rejects.toMatchObject(unreachable);
      await expect(store.put('o/dog', bytesOf(''))).rejects.toMatchObject(unreachable);
    });
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
    expect(stdout.toString().trim()).toBe('overloaded found');
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
  /** The system calls that put, delete and put `big/folder/blob` again, in order, as strace saw them. */
  async function callsOfTwoPuts(): Promise<readonly string[] | null> {
    const script = `
      import { FolderStore } from ${JSON.stringify(storeModule)};
      const store = await FolderStore.open(${JSON.stringify(join(place, 'traced'))});
      await store.put('big/folder/blob', new Uint8Array(10));
      await store.delete(['big/folder/blob']);
      await store.put('big/folder/blob', new Uint8Array(10));
      process.exit(0);`;
    const log = join(place, 'strace.log');
    await writeFile(join(place, 'put.mts'), script);
    const { status } = spawnSync('strace', [
      '-f',
      '-y',
      '-e',
      'trace=write,fsync,rename,renameat2,rmdir',
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
    const calls = await callsOfTwoPuts();
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
    const removal = (calls ?? []).findIndex((line) => line.includes('rmdir'));
    expect(removal).not.toBe(-1);
    // The second put finds its folders gone, and must not remember that they were once on disk.
    for (const put of [calls?.slice(0, removal), calls?.slice(removal)]) {
      let seen = 0;
      for (const step of steps) {
        const at = put?.findIndex((line, index) => index >= seen && step.test(line)) ?? -1;
        expect(at, String(step)).not.toBe(-1);
        seen = at + 1;
      }
    }
  });
});

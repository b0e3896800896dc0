import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../../../src/store/blob-store.ts';
import { FolderStore } from '../../../src/store/folder/filesystem.ts';
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

const storeModule = new URL('../../../dist/store/folder/filesystem.js', import.meta.url).href;
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
    await expect(writing).rejects.toThrow('The store could not write a blob: ENOTDIR');
    await expect(writing).rejects.toMatchObject({ cause: { code: 'ENOTDIR' } });
    expect(await store.get('o/cat/1')).toBeNull();
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('a folder that cannot be opened stops the start in one sentence', async () => {
    await writeFile(join(place, 'file'), '');
    await expect(FolderStore.open(join(place, 'file'))).rejects.toThrow(
      `The folder ${join(place, 'file')} of the store cannot be created or read: EEXIST`,
    );
    await expect(FolderStore.open(join(place, 'file/under'))).rejects.toThrow('ENOTDIR');
  });

  test('a folder we may not enter is a Failure, not a missing blob', async () => {
    await store.put('o/cat', bytesOf(''));
    await chmod(join(root, 'o'), 0);
    await asNobody(async () => {
      await expect(store.get('o/cat')).rejects.toThrow('The store could not read a blob: EACCES');
      await expect(store.stat('o/cat')).rejects.toMatchObject(unreachable);
      await expect(store.put('o/dog', bytesOf(''))).rejects.toMatchObject(unreachable);
    });
  });

  test('a process out of file handles gets Failures, no nulls, and recovers', async () => {
    await store.put('o/cat', new Uint8Array(1000));
    await store.close();
    const script = join(place, 'greedy.mjs');
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
    const { stdout } = spawnSync('sh', ['-c', `ulimit -n 100; exec "$0" "${script}"`, process.execPath]);
    expect(stdout.toString().trim()).toBe('overloaded found');
  });
});

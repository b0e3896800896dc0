import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderStore } from '../../src/store/folder/filesystem.ts';
import { allKeys, textAt } from '../contract/blobs.ts';

/** What takes a disk of its own, or a look at the system's calls. */
let place: string;
let disk: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'tintype-disk-'));
  disk = join(place, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', disk]);
});
afterEach(async () => {
  execFileSync('umount', ['-l', disk]);
  await rm(place, { recursive: true });
});

const storeModule = new URL('../../dist/store/folder/filesystem.js', import.meta.url).href;

describe('A folder on a disk of its own', () => {
  it('when the disk is full says disk-full, leaves no debris, spares what stands, and writes when there is room', async () => {
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
  });

  it('copies a finished file that lies on another, and takes it away', async () => {
    const store = await FolderStore.open(join(place, 'data'));
    const upload = join(disk, 'upload');
    await writeFile(upload, 'jpeg');
    expect((await stat(upload)).dev).not.toBe((await stat(place)).dev);
    await store.put('o/cat/bytes', { path: upload });
    expect(await textAt(store, 'o/cat/bytes')).toBe('jpeg');
    await expect(stat(upload)).rejects.toThrow('ENOENT');
    await store.close();
  });
});

describe('What is acknowledged is on disk:', () => {
  /** The system calls that put, delete and put `big/folder/blob` again, in order, as strace saw them. */
  async function callsOfTwoPuts(): Promise<readonly string[]> {
    const script = `
      import { FolderStore } from ${JSON.stringify(storeModule)};
      const store = await FolderStore.open(${JSON.stringify(join(place, 'traced'))});
      await store.put('big/folder/blob', new Uint8Array(10));
      await store.delete(['big/folder/blob']);
      await store.put('big/folder/blob', new Uint8Array(10));
      process.exit(0);`;
    const log = join(place, 'strace.log');
    await writeFile(join(place, 'put.mjs'), script);
    const watched = ['-f', '-y', '-e', 'trace=write,fsync,rename,renameat2,rmdir', '-o', log];
    execFileSync('strace', [...watched, process.execPath, join(place, 'put.mjs')]);
    return (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes(join(place, 'traced')));
  }

  it('a put is bytes, fsync, name, and fsync of every folder whose names changed', async () => {
    const calls = await callsOfTwoPuts();
    const traced = join(place, 'traced');
    const steps = [
      /write\(\d+<[^>]*\/tmp\//,
      /fsync\(\d+<[^>]*\/tmp\//,
      /rename/,
      new RegExp(`fsync\\(\\d+<${traced}/big/folder>`),
      new RegExp(`fsync\\(\\d+<${traced}/big>`),
      new RegExp(`fsync\\(\\d+<${traced}>`),
    ];
    const removal = calls.findIndex((line) => line.includes('rmdir'));
    expect(removal).not.toBe(-1);
    // The second put finds its folders gone, and must not remember that they were once on disk.
    for (const put of [calls.slice(0, removal), calls.slice(removal)]) {
      let seen = 0;
      for (const step of steps) {
        const at = put.findIndex((line, index) => index >= seen && step.test(line));
        expect(at, String(step)).not.toBe(-1);
        seen = at + 1;
      }
    }
  });
});

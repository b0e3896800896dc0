import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nameWithIdentity } from '../../../../src/store/folder/process-identity.ts';
import { type Download, Spool } from '../../../../src/store/s3/spool.ts';

let scratch: string;
let spool: Spool;
let downloads: string[];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tintype-spool-'));
  spool = await Spool.open(scratch, 100);
  downloads = [];
});

afterEach(async () => {
  await spool.close();
  await rm(scratch, { recursive: true });
});

/** A blob of `bytes` times the key's first letter. */
const blob =
  (key: string, bytes: number): Download =>
  async (path, reserve) => {
    downloads.push(key);
    await reserve(bytes);
    await writeFile(path, Buffer.alloc(bytes, key));
    return true;
  };

async function copies(): Promise<string[]> {
  const folders = await readdir(scratch);
  const files = await Promise.all(folders.map((name) => readdir(join(scratch, name)).catch(() => [])));
  return files.flat();
}

const obtain = async (key: string, bytes: number) => {
  const file = await spool.obtain(key, blob(key, bytes));
  if (file === null) throw new Error('Expected a local copy but received null');
  return file;
};

test('any number of callers cost one download, and the copy is used again', async () => {
  const files = await Promise.all([obtain('a', 10), obtain('a', 10), obtain('a', 10)]);
  for (const file of files) file.release();
  (await obtain('a', 10)).release();
  expect(downloads).toEqual(['a']);
  expect(await copies()).toHaveLength(1);
});

test('the unused copy asked for longest ago goes first, one in use stays', async () => {
  const a = await obtain('a', 40);
  (await obtain('b', 30)).release();
  (await obtain('c', 30)).release();
  (await obtain('b', 30)).release();
  (await obtain('d', 30)).release();
  expect(await readFile(a.path, 'utf8')).toBe('a'.repeat(40));
  expect(await copies()).toHaveLength(3);
  (await obtain('b', 30)).release();
  expect(downloads).toEqual(['a', 'b', 'c', 'd']);
  (await obtain('c', 30)).release();
  expect(downloads).toEqual(['a', 'b', 'c', 'd', 'c']);
  a.release();
});

test('where all are in use there is no room, and there is again after a release', async () => {
  const a = await obtain('a', 60);
  await expect(obtain('b', 60)).rejects.toMatchObject({ name: 'Failure', kind: 'disk-full' });
  await expect(obtain('b', 60)).rejects.toThrow('No room for a local copy of 60 bytes: 40 bytes are free');
  a.release();
  (await obtain('b', 60)).release();
  expect(await copies()).toHaveLength(1);
});

test('what is larger than the spool is refused and leaves nothing', async () => {
  await expect(obtain('a', 101)).rejects.toMatchObject({ kind: 'disk-full' });
  expect(await copies()).toEqual([]);
  (await obtain('b', 100)).release();
});

test('downloads at the same time do not take more than the limit together', async () => {
  const results = await Promise.allSettled([obtain('a', 60), obtain('b', 60), obtain('c', 60)]);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  expect(await copies()).toHaveLength(1);
});

test('a forgotten copy stands until its last user has released it; the next caller downloads again', async () => {
  const [first, second] = await Promise.all([obtain('a', 50), obtain('a', 50)]);
  await spool.invalidate('a');
  const fresh = await obtain('a', 50);
  expect(fresh.path).not.toBe(first.path);
  first.release();
  first.release();
  // A download in between gives a wrong removal the time to happen.
  (await obtain('c', 0)).release();
  await access(second.path);
  second.release();
  await expect
    .poll(() =>
      access(second.path).then(
        () => 'stands',
        () => 'gone',
      ),
    )
    .toBe('gone');
  fresh.release();
  (await obtain('b', 50)).release();
  expect(downloads).toEqual(['a', 'a', 'c', 'b']);
});

test('what the store does not have is null, and is asked for again', async () => {
  expect(await spool.obtain('a', async () => false)).toBeNull();
  (await obtain('a', 10)).release();
  expect(downloads).toEqual(['a']);
});

test('a download that fails fails for all who wait, gives its room back, and is tried again by the next', async () => {
  const failing: Download = async (path, reserve) => {
    await reserve(90);
    await writeFile(path, 'half');
    throw new Error('cut');
  };
  const waiting = [spool.obtain('a', failing), spool.obtain('a', failing)];
  for (const result of await Promise.allSettled(waiting)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'store-unreachable' } });
  }
  await expect.poll(copies).toEqual([]);
  (await obtain('a', 90)).release();
});

test('a copy that a cleaner of temporary folders took is made again', async () => {
  const a = await obtain('a', 10);
  a.release();
  for (const name of await readdir(scratch)) await rm(join(scratch, name), { recursive: true });
  const again = await obtain('a', 10);
  expect(await readFile(again.path, 'utf8')).toBe('a'.repeat(10));
  again.release();
});

test('what dead processes left is removed, what living ones use is not', async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  const [, , started, space] = (await nameWithIdentity('spool')).split('.');
  const left = `spool.${dead.pid}.${started}.${space}.abc`;
  await mkdir(join(scratch, left));
  await writeFile(join(scratch, left, 'copy'), '');
  const before = await readdir(scratch);
  const other = await Spool.open(scratch, 100);
  const after = await readdir(scratch);
  expect(before).toContain(left);
  expect(after).not.toContain(left);
  expect(after).toHaveLength(2);
  await other.close();
  expect(await readdir(scratch)).toHaveLength(1);
});

test('a download that begins again with another length takes the room of the last only', async () => {
  const twice: Download = async (path, reserve) => {
    await reserve(90);
    await reserve(70);
    await writeFile(path, Buffer.alloc(70));
    return true;
  };
  const a = await spool.obtain('a', twice);
  (await obtain('b', 30)).release();
  a?.release();
});

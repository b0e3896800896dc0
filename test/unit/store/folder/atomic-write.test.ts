import { mkdtemp, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeyedQueue } from '../../../../src/concurrency/keyed-queue.ts';
import { AtomicWrites, type Place } from '../../../../src/store/folder/atomic-write.ts';
import { DurableFolders } from '../../../../src/store/folder/durable-folders.ts';
import { Staging } from '../../../../src/store/folder/staging.ts';
import { bytesOf } from '../../../contract/blobs.ts';

let root: string;
let placing: AtomicWrites;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tintype-placing-'));
  const folders = new DurableFolders(root);
  placing = new AtomicWrites(folders, new Staging(join(root, 'tmp'), folders), new KeyedQueue());
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

test('a folder that a delete next door removes just before the name is given is made again', async () => {
  let removals = 0;
  const afterRemoval: Place = async (staged, target) => {
    if (removals < 3) {
      removals += 1;
      await rmdir(dirname(target));
    }
    await rename(staged, target);
    return true;
  };
  expect(await placing.write(join(root, 'a/b/c'), bytesOf('kept'), afterRemoval)).toBe(true);
  expect(removals).toBe(3);
  expect(await readFile(join(root, 'a/b/c'), 'utf8')).toBe('kept');
});

test('a name that can never be given ends in an error, and no temp file stays', async () => {
  const never: Place = async (_staged, target) => {
    await rename(join(root, 'no such file'), target);
    return true;
  };
  await expect(placing.write(join(root, 'a/b'), bytesOf('lost'), never)).rejects.toThrow('ENOENT');
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('writes of one name wait for each other, also after one has failed', async () => {
  const order: string[] = [];
  const slow =
    (name: string, fails: boolean): Place =>
    async (staged, target) => {
      order.push(`${name} begins`);
      await rename(staged, target);
      order.push(`${name} ends`);
      if (fails) throw new Error('as asked');
      return true;
    };
  await Promise.allSettled([
    placing.write(join(root, 'a'), bytesOf('1'), slow('one', true)),
    placing.write(join(root, 'a'), bytesOf('2'), slow('two', false)),
    placing.write(join(root, 'a'), bytesOf('3'), slow('three', false)),
  ]);
  expect(order.map((step) => step.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderWalk } from '../../../../src/store/folder/folder-walk.ts';

/** More than are read at once, in no order; folders among them whose names sort otherwise than their keys do. */
const keys = Array.from({ length: 5000 }, (_, nth) => {
  const name = `f/${((nth * 2731) % 5000).toString(36)}`;
  return nth % 3 === 0 ? `${name}/x` : `${name}-${nth % 2}`;
});
const sorted = keys.toSorted();

let root: string;
let walk: FolderWalk;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tintype-walk-'));
  walk = new FolderWalk(root);
  for (const key of keys) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), '');
  }
});
afterAll(() => rm(root, { recursive: true }));

async function found(prefix: string, after = '', limit = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const key of walk.keys({ prefix, after })) if (all.push(key) >= limit) break;
  return all;
}

describe('A folder of thousands', () => {
  it.each(['the first time', 'from then on, in pieces'])('is walked whole and in order: %s', async () => {
    expect(await found('f/')).toEqual(sorted);
  });

  it('is walked page by page', async () => {
    const pages: string[] = [];
    for (let page = await found('f/', '', 700); page.length > 0; page = await found('f/', page.at(-1) ?? '', 700)) {
      pages.push(...page);
    }
    expect(pages).toEqual(sorted);
  });

  it('is walked from a key that does not stand, and under a prefix that is no folder', async () => {
    const after = `${sorted[2500] ?? ''}~`;
    expect(await found('f/', after)).toEqual(sorted.filter((key) => key > after));
    expect(await found('f/2')).toEqual(sorted.filter((key) => key.startsWith('f/2')));
  });
});

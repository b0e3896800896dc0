import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { openStore } from '../../../../src/store/index.ts';
import { type Rules, type Shelves, shelve, stopRenderer } from '../../../support/library.ts';
import { movableTime } from '../../../support/passing-time.ts';
import { solid } from '../../../support/tintype.ts';

const day = 86_400_000;
const picture = await solid('#ff0000');
const other = await solid('#0000ff', 80, 60);

let folder: string;
let store: BlobStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-keeping-'));
  store = await openStore(`file:${folder}/store`, { scratchFolder: join(folder, 'scratch'), scratchBytes: 1e9 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  await rm(folder, { recursive: true });
});
afterAll(() => stopRenderer());

const ids = async () => (await store.list('i/n/', { limit: 1000 })).entries.map(({ key }) => key.slice('i/n/'.length));
const now = { dryRun: false };

/** Stores them one after another, each with a time of its own. */
async function put(node: Shelves, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const begun = Date.now();
    await node.put(name, picture);
    while (Date.now() === begun) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('Originals', () => {
  it('that are too old go, with everything made from them', async () => {
    const node = await shelve(store, { age: 7 * day });
    await put(node, ['a', 'b']);
    await node.get('a', 'f_png,w_8');
    await node.writeBehind.drain();
    const pass = movableTime();
    pass(6 * day);
    expect(await node.sweep.run(now)).toMatchObject({ expired: { objects: 0 }, marked: { objects: 0 } });
    pass(2 * day);
    const marked = { expired: { objects: 0 }, marked: { objects: 2, bytes: 2 * picture.byteLength } };
    expect(await node.sweep.run({ dryRun: true })).toMatchObject(marked);
    expect(await node.sweep.run(now)).toMatchObject(marked);
    pass(day);
    expect(await node.sweep.run({ dryRun: true })).toMatchObject({ expired: { objects: 2 } });
    expect(await ids()).toEqual(['a', 'b']);
    const { expired } = await node.sweep.run(now);
    expect(expired).toEqual({ objects: 2, bytes: 2 * picture.byteLength });
    expect([await ids(), await node.originals.find('a')]).toEqual([[], null]);
    expect((await store.list('v/', { limit: 10 })).entries).toEqual([]);
    expect(await node.stats.read()).toMatchObject({ originals: { count: 0, bytes: 0, oldest: null, formats: {} } });
  });

  it('whose bytes are younger than their id stay, and do not keep older ones', async () => {
    const node = await shelve(store, { age: 7 * day });
    await put(node, ['replaced', 'old']);
    const replaced = (await node.originals.find('replaced'))?.blob ?? '';
    const later = new Date(Date.now() + 6 * day);
    await utimes(join(folder, 'store', replaced), later, later);
    const pass = movableTime();
    pass(8 * day);
    expect(await node.sweep.run(now)).toMatchObject({ marked: { objects: 1 } });
    pass(2 * day);
    expect(await node.sweep.run(now)).toMatchObject({ expired: { objects: 1 } });
    expect(await ids()).toEqual(['replaced']);
  });

  it('stay while the clock is wrong, and so do variants and upload tokens', async () => {
    const node = await shelve(store, { age: 7 * day, idle: 7 * day });
    await put(node, ['a']);
    await node.get('a', 'f_png,w_8');
    await node.writeBehind.drain();
    await store.put('u/000000-0', new Uint8Array());
    const pass = movableTime();
    pass(400 * day, 'wall');
    for (let nth = 0; nth < 6; nth++) {
      const nothing = { objects: 0, bytes: 0 };
      expect(await node.sweep.run(now)).toMatchObject({
        clock: 'jumped',
        expired: nothing,
        idle: nothing,
        marked: nothing,
      });
      pass(day);
    }
    expect([await ids(), await widths()]).toEqual([['a'], [8]]);
    expect((await store.list('u/', { limit: 10 })).entries).toHaveLength(1);
    expect(node.reports).toContainEqual(expect.stringContaining('Deletion by age has stopped'));
  });

  it('that are too many go, the oldest first and no more than needed', async () => {
    const node = await shelve(store, { size: 3 * picture.byteLength });
    await put(node, ['d', 'b', 'c', 'a', 'e']);
    expect(await node.sweep.run(now)).toMatchObject({ expired: { objects: 2, bytes: 2 * picture.byteLength } });
    expect(await ids()).toEqual(['a', 'c', 'e']);
    expect(await node.sweep.run(now)).toMatchObject({ expired: { objects: 0 } });
  });

  it('stay where nothing is configured', async () => {
    const node = await shelve(store);
    await put(node, ['a']);
    movableTime()(10_000 * day);
    expect(await node.sweep.run(now)).toMatchObject({ expired: { objects: 0 }, marked: { objects: 0 } });
    expect(await ids()).toEqual(['a']);
  });
});

describe('Figures', () => {
  it('tell how much there is as of the last sweep, and nothing before it', async () => {
    const node = await shelve(store);
    await put(node, ['a', 'b']);
    await node.put('c', other);
    await node.get('a', 'f_png,w_8');
    await node.writeBehind.drain();
    expect(await node.stats.read()).toMatchObject({ asOf: null });
    await node.sweep.run({ ...now, dryRun: true });
    expect(await node.stats.read()).toMatchObject({ asOf: null });
    await node.sweep.run(now);
    const bytes = 2 * picture.byteLength + other.byteLength;
    const [oldest, newest] = await Promise.all(
      ['a', 'c'].map(async (id) => (await node.originals.find(id))?.createdAt),
    );
    const stats = await node.stats.read();
    expect(stats.originals).toEqual({ count: 3, bytes, oldest, newest, formats: { png: { count: 3, bytes } } });
    expect(stats.variants.count).toBe(1);
    expect(stats.asOf).not.toBeNull();
  });
});

/** Files of variants under the folder, with the width their names tell. */
async function variantFiles() {
  const names = await readdir(join(folder, 'store/v'), { recursive: true }).catch(() => []);
  const files = names.flatMap((name) => {
    const width = /\.(\d+)x\d+\.png$/.exec(name)?.[1];
    return width === undefined ? [] : [{ path: join(folder, 'store/v', name), width: Number(width) }];
  });
  return files.sort((a, b) => a.width - b.width);
}
const widths = async () => (await variantFiles()).map(({ width }) => width);

/** As if they had been written `ages[0]`, `ages[1]`… ms ago. */
async function age(ages: readonly number[]): Promise<void> {
  for (const [index, { path }] of (await variantFiles()).entries()) {
    const at = new Date(Date.now() - (ages[index] ?? 0));
    await utimes(path, at, at);
  }
}

async function withVariants(rules: Rules, which = [11, 12, 13]): Promise<Shelves> {
  const node = await shelve(store, rules);
  await node.put('a', picture);
  for (const width of which) await node.get('a', `f_png,w_${width}`);
  await node.writeBehind.drain();
  return node;
}

describe('Variants in a folder', () => {
  it('that nobody asked for go, and those served from memory meanwhile stay', async () => {
    const node = await withVariants({ idle: day });
    await node.sweep.run(now);
    await age([3 * day, 3 * day, 0]);
    await node.get('a', 'f_png,w_12');
    expect(await node.sweep.run(now)).toMatchObject({ idle: { objects: 1 }, variants: { objects: 0 } });
    expect(await widths()).toEqual([12, 13]);
  });

  it('stay however long ago they were served where nothing is configured', async () => {
    const node = await withVariants({});
    await age([300 * day, 300 * day, 300 * day]);
    expect(await node.sweep.run(now)).toMatchObject({ idle: { objects: 0 } });
  });

  it('that are too many go, those served least recently first', async () => {
    await withVariants({});
    await age([2 * day, 3 * day, day]);
    const [first, second, third] = await Promise.all(
      (await variantFiles()).map(async ({ path }) => (await stat(path)).size),
    );
    const most = (first ?? 0) + (second ?? 0) + (third ?? 0) - 1;
    const node = await shelve(store, { most });
    expect(await node.sweep.run(now)).toMatchObject({ idle: { objects: 1 } });
    expect(await widths()).toEqual([11, 13]);
  });

  it('are rendered but not stored where there is no room, until there is', async () => {
    await withVariants({});
    await age([3 * day, 2 * day, day]);
    const bytes = (await Promise.all((await variantFiles()).map(async ({ path }) => (await stat(path)).size))).reduce(
      (sum, size) => sum + size,
    );
    const node = await shelve(store, { most: Math.ceil(bytes / 0.9) });
    await node.sweep.run(now);
    expect(await node.get('a', 'f_png,w_50')).toMatchObject({ tier: 'render', stored: false });
    await node.sweep.run(now);
    expect((await widths()).includes(11)).toBe(false);
    expect(await node.get('a', 'f_png,w_14')).toMatchObject({ tier: 'render', stored: true });
  });
});

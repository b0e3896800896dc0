import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../../src/store/index.ts';
import { parseTransform } from '../../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../../src/transform/image-path.ts';
import { resolveTransform } from '../../../../src/transform/resolve.ts';
import { drawAnimation } from '../../../support/animation.ts';
import { type Shelves, shelve, stopRenderer } from '../../../support/library.ts';
import { letTestsLook } from '../../../support/looking.ts';
import { drawPhoto } from '../../../support/photo.ts';

letTestsLook();

let scratch: string;
let node: Shelves;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tintype-copies-'));
  node = await open(1e9);
});

afterEach(async () => {
  await node.copies.close();
  await rm(scratch, { recursive: true });
});

afterAll(stopRenderer);

async function open(most: number): Promise<Shelves> {
  const store = await openStore('memory:', { scratchFolder: join(scratch, 'spool'), scratchBytes: 1e9 });
  return shelve(store, { scratch: { folder: scratch, most } });
}

const copiesOnDisk = async () => (await readdir(scratch)).filter((name) => name.endsWith('.v'));
const copyPath = async () => join(scratch, (await copiesOnDisk())[0] ?? 'none');

/** A PNG is decoded whole whatever is made of it, so that its copy is worth having soon. */
const large = () => drawPhoto(1600, 1200, { format: 'png' });

async function render(words: string, id = 'cat'): Promise<void> {
  await node.get(id, words);
  await node.copies.settled();
}

async function renderTogether(words: readonly string[]): Promise<void> {
  const original = await node.originals.describe('cat');
  const specs = await Promise.all(
    words.map((one) => {
      const asked = parseTransform(splitImagePath(`/img/cat/${one}`, '/img/'), new Map());
      return node.library.specify(original, resolveTransform(asked, { accept: null }));
    }),
  );
  await node.variants.obtainAll(specs);
  await node.copies.settled();
}

describe('A working copy', () => {
  it('is made after the first answer, and every later one that it suffices for comes from it', async () => {
    await node.put('cat', await large());
    await render('w_400,f_webp');
    expect(node.opened).toEqual(['original', 'to copy']);
    await render('w_300,f_webp');
    await render('c_fill,h_200,w_200,f_jpg');
    await render('w_400,f_avif');
    await render('c_crop,h_1000,w_1000/w_300,f_jpg');
    expect(node.opened.slice(2)).toEqual(['copy', 'copy', 'copy', 'copy']);
    expect(node.copyEvents).toEqual(['made', 'used', 'used', 'used', 'used']);
    expect(await copiesOnDisk()).toHaveLength(1);
  });

  it('once it is there, also serves those for whom it would not have been made', async () => {
    await node.put('dog', await drawPhoto(1632, 1224));
    await render('w_100,f_jpg', 'dog');
    expect(node.opened).toEqual(['original']);
    await render('w_600,f_jpg', 'dog');
    await render('w_110,f_jpg', 'dog');
    expect(node.opened.slice(1)).toEqual(['original', 'to copy', 'copy']);
  });

  it('is not used where it would show, or suffices for nothing', async () => {
    await node.put('cat', await large());
    await render('w_400,f_webp');
    const unfit = [
      'w_700',
      'c_crop,h_1000,w_1000,x_7/w_100',
      'c_fill,g_auto,h_200,w_200',
      'e_threshold,w_200',
      'e_normalize,w_200',
      'e_sharpen,w_200',
      'e_trim/w_200',
      'b_auto,c_pad,h_200,w_300',
      'cs_keep,w_200',
      'fl_keep_attribution,w_200',
    ];
    for (const words of unfit) await render(`${words},f_jpg`);
    expect(node.opened.slice(2)).toEqual(unfit.map(() => 'original'));
  });

  it('is not made of what is small, or decoded at little cost, or has frames', async () => {
    await node.put('cat', await drawPhoto(1400, 1050, { format: 'png' }));
    await node.put('dog', await drawPhoto(1600, 1200));
    await node.put('film', drawAnimation({ width: 1600, height: 1000, frames: 2 }));
    for (const id of ['cat', 'dog', 'film']) {
      await render('w_100,f_webp', id);
      await render('w_100,f_jpg', id);
      await render('w_120,f_jpg', id);
    }
    expect(node.copyEvents).toEqual([]);
  });

  it('is not made of 16 bits a channel, and nobody tries twice', async () => {
    const pixels = Buffer.from(
      await sharp(await large())
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
    );
    await node.put('cat', pixels);
    for (const width of [100, 110, 120, 130]) await render(`w_${width},f_webp`);
    expect(node.opened.filter((what) => what === 'to copy')).toHaveLength(1);
    expect(await copiesOnDisk()).toEqual([]);
  });

  it('of a larger size is made for a burst alone', async () => {
    await node.put('cat', await drawPhoto(4000, 1000, { format: 'png' }));
    await render('w_1000,f_jpg');
    await render('w_1100,f_jpg');
    await render('w_1200,f_jpg');
    expect(node.opened).toEqual(['original', 'to copy', 'copy', 'copy']);
    // The smallest that suffices: there is no other yet.
    await render('w_100,f_jpg');
    expect(node.opened.at(-1)).toBe('copy');
  });

  it('takes one decode for several outputs of many sizes that are wanted together', async () => {
    await node.put('cat', await drawPhoto(4000, 1000, { format: 'png' }));
    await renderTogether(['w_1200,f_webp', 'w_800,f_webp', 'w_800,f_jpg', 'w_400,f_webp', 'w_150,f_jpg']);
    expect(node.opened).toEqual(['to copy', 'copy', 'copy', 'copy', 'copy']);
  });
});

describe('A copy is gone with', () => {
  const wholly = async (): Promise<readonly string[]> => {
    await node.copies.settled();
    return copiesOnDisk();
  };

  beforeEach(async () => {
    await node.put('cat', await large());
    await render('w_400,f_webp');
    expect(await copiesOnDisk()).toHaveLength(1);
  });

  it('a purge of the original', async () => {
    await node.library.purge(['cat']);
    expect(await wholly()).toEqual([]);
    await render('w_300,f_webp');
    expect(node.opened.slice(2, 3)).toEqual(['original']);
  });

  it('a purge of everything', async () => {
    await node.library.purgeAll();
    expect(await wholly()).toEqual([]);
  });

  it('the original', async () => {
    await node.library.remove('cat', null);
    expect(await wholly()).toEqual([]);
    expect(node.copies.stored.bytes).toBe(0);
  });

  it('what the id meant before', async () => {
    await node.put('cat', await drawPhoto(1600, 1200, { format: 'png', seed: 2 }));
    expect(await wholly()).toEqual([]);
  });

  it('ten minutes in which nobody used it', async () => {
    await node.copies.stored.dropIdle(performance.now() + 500_000);
    expect(await wholly()).toHaveLength(1);
    await node.copies.stored.dropIdle(performance.now() + 600_001);
    expect(await wholly()).toEqual([]);
  });
});

describe('A copy that is being made', () => {
  it('when its original is purged or deleted is never used', async () => {
    for (const end of [() => node.library.purge(['cat']), () => node.library.remove('cat', null)]) {
      await node.put('cat', await large());
      await node.get('cat', 'w_400,f_webp');
      await end();
      await node.copies.settled();
      expect(await copiesOnDisk()).toEqual([]);
      expect(node.copies.stored.bytes).toBe(0);
    }
  });
});

describe('A copy that', () => {
  const harms: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
    ['has vanished', (path) => unlink(path)],
    ['is cut short', (path) => truncate(path, 100_000)],
    ['is another file by now', (path) => writeFile(path, 'nothing of a picture')],
    ['was written into', async (path) => writeFile(path, (await readFile(path)).fill(7, 70_000, 90_000))],
  ];

  it.each(harms)('%s does no harm: the original answers the same request, and it is counted', async (_, harm) => {
    await node.put('cat', await large());
    await render('w_400,f_webp');
    await harm(await copyPath());
    const { bytes } = await node.get('cat', 'w_300,f_png');
    await node.copies.settled();
    expect(node.opened.slice(2, 3)).toEqual(['original']);
    expect(node.copyEvents).toContain('lost');
    expect(node.reports).toContain('A working copy is damaged or gone; the original is read instead');
    const other = await open(0);
    await other.put('cat', await large());
    expect(Buffer.from(bytes).equals((await other.get('cat', 'w_300,f_png')).bytes)).toBe(true);
    // Another was made meanwhile.
    await render('w_200,f_png');
    expect(node.opened.at(-1)).toBe('copy');
  });
});

describe('All copies together', () => {
  it('stay within their bytes: the one that is worth least goes first', async () => {
    // Two have room.
    node = await open(5_000_000);
    for (const id of ['cat', 'dog']) {
      await node.put(id, await large());
      await render('w_400,f_webp', id);
    }
    await render('w_300,f_webp', 'cat');
    const [one, two] = await copiesOnDisk();
    await node.put('cow', await large());
    await render('w_400,f_webp', 'cow');
    expect(node.copyEvents.at(-1)).toBe('evicted');
    expect(node.copies.stored.count).toBe(2);
    expect(node.copies.stored.bytes).toBeLessThanOrEqual(5_000_000);
    expect([one, two].filter((name) => existsSync(join(scratch, name ?? '')))).toHaveLength(1);
    await render('w_200,f_webp', 'cow');
    expect(node.opened.at(-1)).toBe('copy');
  });

  it('are not made where one would take all there is', async () => {
    node = await open(2_000_000);
    await node.put('cat', await large());
    for (const width of [100, 200, 300]) await render(`w_${width},f_webp`);
    expect(node.opened).toEqual(['original', 'original', 'original']);
  });
});

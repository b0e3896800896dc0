import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { canary } from '../../../../fixtures/draw/private.ts';
import { type SanitizeMode, sanitize } from '../../../../src/render/sanitizing/sanitize.ts';
import { letTestsLook } from '../../../support/looking.ts';
import { fixturePath } from '../../../support/photo.ts';
import { policy } from '../../../support/rendering.ts';

letTestsLook();
const folder = mkdtempSync(join(tmpdir(), 'tintype-sanitize-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

async function sanitized(name: string, mode: SanitizeMode) {
  const out = join(folder, String(count++));
  const { written, removed } = await sanitize({ path: fixturePath(name), out, policy, mode });
  expect(existsSync(out)).toBe(written);
  return { written, removed, bytes: written ? readFileSync(out) : null };
}

const pixelsOf = (input: string | Buffer) => sharp(input, { pages: -1 }).ensureAlpha().raw().toBuffer();

describe('Stripped, a picture', () => {
  it.each([
    ['private.jpg', ['exif', 'gps', 'xmp', 'iptc', 'comment', 'trailer']],
    ['private.png', ['exif', 'gps', 'xmp', 'comment', 'trailer']],
    ['private.webp', ['exif', 'gps', 'xmp', 'trailer']],
    ['private.gif', ['comment', 'trailer']],
  ])('loses what it says, and not a bit of what it shows: %s', async (name, expected) => {
    const { bytes, removed } = await sanitized(name, 'strip');
    if (bytes === null) throw new Error('Expected a file');
    expect([...removed].sort()).toEqual([...expected].sort());
    expect(bytes.includes(canary)).toBe(false);
    const { exif, xmp, iptc, comments, orientation } = await sharp(bytes).metadata();
    expect([exif, xmp, iptc, comments, orientation]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect((await pixelsOf(bytes)).equals(await pixelsOf(fixturePath(name)))).toBe(true);
  });

  it.each(['p3.jpg', 'p3.png', 'adobe-rgb.jpg', 'big-icc.jpg', 'cmyk-icc.jpg', 'prophoto.png'])(
    'keeps its colours and their profile: %s',
    async (name) => {
      const { bytes } = await sanitized(name, 'strip');
      const [before, after] = await Promise.all(
        [fixturePath(name), bytes ?? fixturePath(name)].map((at) => sharp(at).metadata()),
      );
      expect(after?.icc?.equals(before?.icc ?? Buffer.alloc(0))).toBe(true);
      expect((await pixelsOf(bytes ?? fixturePath(name))).equals(await pixelsOf(fixturePath(name)))).toBe(true);
    },
  );

  it.each(['animated.gif', 'animated.webp', 'apng.png', 'alpha.webp', 'alpha.png'])(
    'moves and shines through as before: %s',
    async (name) => {
      const { bytes } = await sanitized(name, 'strip');
      const [before, after] = await Promise.all(
        [fixturePath(name), bytes ?? fixturePath(name)].map((at) => sharp(at).metadata()),
      );
      expect([after?.pages, after?.delay, after?.loop]).toEqual([before?.pages, before?.delay, before?.loop]);
      expect((await pixelsOf(bytes ?? fixturePath(name))).equals(await pixelsOf(fixturePath(name)))).toBe(true);
    },
  );

  it.each([
    'orientation/3.jpg',
    'orientation/6.jpg',
    'orientation/7.jpg',
    'orientation/6.png',
    'orientation/6.webp',
    'orientation/3.tiff',
  ])('that lies on its side is stood up: %s', async (name) => {
    const { bytes, removed } = await sanitized(name, 'strip');
    if (bytes === null) throw new Error('Expected a file');
    const wanted = sharp(fixturePath(name)).autoOrient().removeAlpha();
    const { data, info } = await wanted.raw().toBuffer({ resolveWithObject: true });
    const { width, height, orientation, exif } = await sharp(bytes).metadata();
    expect([width, height, orientation ?? 1, exif]).toEqual([info.width, info.height, 1, undefined]);
    const made = await sharp(bytes).removeAlpha().raw().toBuffer();
    const mean = made.reduce((sum, value, at) => sum + Math.abs(value - (data[at] ?? 0)), 0) / made.length;
    expect(mean).toBeLessThan(3);
    // A TIFF's orientation is one of its own tags.
    if (!name.endsWith('tiff')) expect(removed).toContain('exif');
  });

  it('that has nothing to lose stays as it is, byte for byte', async () => {
    expect(await sanitized('alpha.png', 'strip')).toMatchObject({ written: false, removed: [] });
  });
});

describe('As WebP, a picture', () => {
  it.each([
    ['private.jpg', 1],
    ['private.png', 1],
    ['private.gif', 1],
    ['orientation/6.jpg', 1],
    ['animated.gif', 'all'],
    ['private.webp', 1],
  ])('is a WebP that says nothing: %s', async (name, pages) => {
    const { bytes } = await sanitized(name, 'webp');
    if (bytes === null) throw new Error('Expected a file');
    const { format, exif, xmp, orientation, pages: found = 1 } = await sharp(bytes).metadata();
    expect([format, exif, xmp, orientation]).toEqual(['webp', undefined, undefined, undefined]);
    expect(bytes.includes(canary)).toBe(false);
    expect(found).toBe(pages === 'all' ? (await sharp(fixturePath(name)).metadata()).pages : 1);
  });

  it('keeps its colour profile', async () => {
    const { bytes } = await sanitized('p3.jpg', 'webp');
    expect((await sharp(bytes ?? Buffer.alloc(0)).metadata()).icc).toBeDefined();
  });
});

describe('What validation refuses', () => {
  it.each([['html.jpg'], ['bomb-50gp.png'], ['bomb-4gp.jpg'], ['gzip.png']])(
    'is refused before anything is made of it: %s',
    async (name) => {
      await expect(sanitized(name, 'webp')).rejects.toMatchObject({ name: 'Failure' });
    },
  );
});

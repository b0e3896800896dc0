import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { directoryBytes, exifOf } from '../../../../fixtures/draw/bytes/tiff.ts';
import { canary } from '../../../../fixtures/draw/private.ts';
import { type SanitizeMode, sanitize } from '../../../../src/render/sanitizing/sanitize.ts';
import { letTestsLook } from '../../../support/looking.ts';
import { fixturePath } from '../../../support/photo.ts';
import { policy } from '../../../support/rendering.ts';

letTestsLook();
const folder = mkdtempSync(join(tmpdir(), 'tintype-lossless-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function sanitized(bytes: Buffer, mode: SanitizeMode = 'strip') {
  const [path, out] = [join(folder, 'in'), join(folder, 'out')];
  writeFileSync(path, bytes);
  const { written, removed } = await sanitize({ path, out, policy, mode });
  return { removed, bytes: written ? readFileSync(out) : bytes };
}

/** Numbers as they stand in the file, of all pages or of one, turned upright or not. */
async function numbersOf(bytes: Buffer, page?: number) {
  const { space, depth } = await sharp(bytes).metadata();
  const image = sharp(bytes, page === undefined ? { pages: -1 } : { page, autoOrient: true });
  const kept = image.keepIccProfile().pipelineColourspace(space).toColourspace(space);
  return kept.raw({ depth }).toBuffer();
}

const told = (image: Sharp) =>
  image
    .withExif({ IFD0: { ImageDescription: canary }, IFD3: { GPSLatitudeRef: 'N' } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a b="${canary}"/></x:xmpmeta>`);
const scene = () => sharp(fixturePath('p3.png')).keepIccProfile();
const deep = () => sharp(fixturePath('rgb16.tiff')).pipelineColourspace('rgb16').toColourspace('rgb16');

/** The first directory of a little-endian TIFF once more behind its end, leading to EXIF, GPS and a description. */
function withDirectories(file: Buffer): Buffer {
  const at = file.readUInt32LE(4);
  const count = file.readUInt16LE(at);
  const entry = (tag: number, type: number, length: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(length, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  const said = directoryBytes([{ tag: 1, type: 'ascii', text: canary }], file.length, true);
  const extra = [
    entry(270, 2, canary.length + 1, file.length + said.length - 8),
    entry(34665, 4, 1, file.length),
    entry(34853, 4, 1, file.length),
  ];
  const old = Array.from({ length: count }, (_, index) => file.subarray(at + 2 + 12 * index, at + 14 + 12 * index));
  const entries = [...old, ...extra].sort((one, other) => one.readUInt16LE(0) - other.readUInt16LE(0));
  const head = Buffer.alloc(2);
  head.writeUInt16LE(entries.length);
  const pointed = Buffer.from(file);
  pointed.writeUInt32LE(file.length + said.length, 4);
  return Buffer.concat([pointed, said, head, ...entries, Buffer.alloc(4)]);
}

describe('Without turning or encoding anything, what is said is taken out of', () => {
  it.each<[string, () => Sharp, readonly string[]]>([
    ['an AVIF', () => told(scene()).avif(), ['exif', 'gps', 'xmp']],
    ['an AVIF with alpha', () => told(sharp(fixturePath('alpha.png'))).avif(), ['exif', 'gps', 'xmp']],
    ['a TIFF', () => told(scene()).tiff(), ['xmp']],
    ['a TIFF in tiles', () => told(scene()).tiff({ tile: true, compression: 'jpeg' }), ['xmp']],
    ['a BigTIFF', () => told(scene()).tiff({ bigtiff: true }), ['xmp']],
    ['a TIFF of 16 bits', () => told(deep()).tiff(), ['xmp']],
    ['a TIFF of four inks', () => told(sharp(fixturePath('cmyk.tiff')).toColourspace('cmyk')).tiff(), ['xmp']],
  ])('%s', async (_what, make, expected) => {
    const before = await make().toBuffer();
    const { bytes, removed } = await sanitized(before);
    expect(removed).toEqual(expect.arrayContaining([...expected]));
    expect(before.includes(canary)).toBe(true);
    expect(bytes.includes(canary)).toBe(false);
    const [was, is] = await Promise.all([sharp(before).metadata(), sharp(bytes).metadata()]);
    expect([is.exif, is.xmp, is.icc]).toEqual([undefined, undefined, was.icc]);
    expect((await numbersOf(bytes)).equals(await numbersOf(before))).toBe(true);
    expect((await sanitized(bytes)).removed).toEqual([]);
  });

  it('a TIFF with EXIF and a place', async () => {
    const before = withDirectories(await scene().tiff().toBuffer());
    const { bytes, removed } = await sanitized(before);
    expect([...removed].sort()).toEqual(['comment', 'exif', 'gps']);
    expect([before.includes(canary), bytes.includes(canary)]).toEqual([true, false]);
    expect((await numbersOf(bytes)).equals(await numbersOf(before))).toBe(true);
  });

  it('a TIFF whose pages differ in size', async () => {
    const before = readFileSync(fixturePath('pages.tiff'));
    // Behind the end stands what nothing leads to.
    const { bytes } = await sanitized(Buffer.concat([before, Buffer.from(canary)]));
    expect(bytes.includes(canary)).toBe(false);
    const { pages = 1 } = await sharp(before).metadata();
    expect(pages).toBeGreaterThan(1);
    for (let page = 0; page < pages; page++) {
      expect((await numbersOf(bytes, page)).equals(await numbersOf(before, page))).toBe(true);
    }
  });

  it('the JFIF of a JPEG, which may hold a thumbnail', async () => {
    const jpeg = await sharp(fixturePath('scene.jpg')).jpeg().toBuffer();
    const jfif = Buffer.from('ffe0001d4a46494600010100000100010202', 'hex');
    jfif.writeUInt16BE(16 + 12, 2);
    const before = Buffer.concat([jpeg.subarray(0, 2), jfif, Buffer.from(`${canary}${canary}`), jpeg.subarray(2)]);
    const { bytes, removed } = await sanitized(before);
    expect([removed, bytes.includes(canary)]).toEqual([['other'], false]);
    expect((await numbersOf(bytes)).equals(await numbersOf(before))).toBe(true);
  });

  it('the frames of a WebP', async () => {
    const plain = readFileSync(fixturePath('animated.webp'));
    const chunk = Buffer.concat([Buffer.from(`note\x06\0\0\0`, 'latin1'), Buffer.from(canary)]);
    const at = plain.indexOf('ANMF');
    const end = at + 8 + plain.readUInt32LE(at + 4);
    const before = Buffer.concat([plain.subarray(0, end), chunk, plain.subarray(end)]);
    before.writeUInt32LE(end - at - 8 + chunk.length, at + 4);
    before.writeUInt32LE(before.length - 8, 4);
    const { bytes, removed } = await sanitized(before);
    expect([removed, bytes.equals(plain)]).toEqual([['other'], true]);
  });

  it('a GIF, but for its colour profile', async () => {
    const plain = readFileSync(fixturePath('still.gif'));
    const at = 13 + 3 * (2 << ((plain[10] ?? 0) & 7));
    const profile = Buffer.from('\x21\xff\x0bICCRGBG1012\x03abc\0', 'latin1');
    const before = Buffer.concat([plain.subarray(0, at), profile, plain.subarray(at)]);
    expect(await sanitized(before)).toEqual({ removed: [], bytes: before });
  });
});

/** A picture told to lie on its side. */
const lying = (image: Sharp) => image.withMetadata({ orientation: 6 }).keepIccProfile();

describe('Turned upright, a picture keeps its every bit where its format can:', () => {
  it.each<[string, () => Sharp]>([
    ['a PNG', () => lying(sharp(fixturePath('alpha.png'))).png()],
    ['a PNG of 16 bits', () => lying(sharp(fixturePath('rgb16.png')).toColourspace('rgb16')).png()],
    ['a grey PNG of 16 bits', () => lying(sharp(fixturePath('grey16.png')).toColourspace('grey16')).png()],
    ['a WebP without loss', () => lying(sharp(fixturePath('alpha.png'))).webp({ lossless: true })],
    ['a TIFF of 16 bits', () => lying(deep()).tiff()],
  ])('%s', async (_what, make) => {
    const before = await make().toBuffer();
    const { bytes } = await sanitized(before);
    const [was, is] = await Promise.all([sharp(before).metadata(), sharp(bytes).metadata()]);
    expect(was.orientation).toBe(6);
    expect([is.orientation ?? 1, is.width, is.height, is.depth, is.space, is.icc]).toEqual([
      1,
      was.height,
      was.width,
      was.depth,
      was.space,
      was.icc,
    ]);
    expect((await numbersOf(bytes, 0)).equals(await numbersOf(before, 0))).toBe(true);
  });

  it.each(['cmyk-icc.jpg', 'cmyk.jpg', 'grey.jpg', 'adobe-rgb.jpg'])('and its inks and profile: %s', async (name) => {
    const plain = readFileSync(fixturePath(name));
    const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOf({ orientation: 6 })]);
    const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
    const before = Buffer.concat([plain.subarray(0, 2), head, exif, plain.subarray(2)]);
    const { bytes } = await sanitized(before);
    const [was, is] = await Promise.all([sharp(before).metadata(), sharp(bytes).metadata()]);
    expect(was.orientation).toBe(6);
    expect([is.orientation ?? 1, is.space, is.icc]).toEqual([1, was.space, was.icc]);
    const [wanted, made] = [await numbersOf(before, 0), await numbersOf(bytes, 0)];
    const off = made.reduce((sum, value, at) => sum + Math.abs(value - (wanted[at] ?? 0)), 0) / made.length;
    expect(off).toBeLessThan(3);
  });

  it('an animation, which we cannot turn, says nothing but how it lies', async () => {
    const moving = sharp(fixturePath('animated.webp'), { pages: -1 }).withExif({ IFD0: { Artist: canary } });
    const before = await moving.withMetadata({ orientation: 6 }).webp().toBuffer();
    const { bytes, removed } = await sanitized(before);
    expect([removed, bytes.includes(canary)]).toEqual([['exif'], false]);
    expect(await sharp(bytes).metadata()).toMatchObject({ orientation: 6, pages: 5 });
    expect((await numbersOf(bytes)).equals(await numbersOf(before))).toBe(true);
  });
});

describe('For WebP there is no room for', () => {
  it.each<[string, () => Promise<Buffer>, string]>([
    ['pages', async () => readFileSync(fixturePath('pages.tiff')), 'one page'],
    ['long sides', () => sharp(fixturePath('small.png')).resize(16_384, 2, { fit: 'fill' }).png().toBuffer(), '16383'],
  ])('%s: that is refused in words', async (_what, make, said) => {
    await expect(sanitized(await make(), 'webp')).rejects.toMatchObject({
      kind: 'refused-image',
      message: expect.stringContaining(said),
    });
  });

  it('other colours than RGB of 8 bits: they become sRGB', async () => {
    for (const name of ['cmyk-icc.jpg', 'grey16.png', 'rgb16.png']) {
      const before = readFileSync(fixturePath(name));
      const { bytes } = await sanitized(before, 'webp');
      const seen = (input: Buffer) => sharp(input).flatten().toColourspace('srgb').raw().toBuffer();
      const [wanted, made] = [await seen(before), await seen(bytes)];
      const off = made.reduce((sum, value, at) => sum + Math.abs(value - (wanted[at] ?? 0)), 0) / made.length;
      expect([name, made.length === wanted.length, off < 4]).toEqual([name, true, true]);
    }
  });
});

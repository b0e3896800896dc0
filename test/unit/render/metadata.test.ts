import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { attribution, canary } from '../../../fixtures/draw/private.ts';
import { attributionIn } from '../../../src/render/pixels/attribution.ts';
import { fixturePath } from '../../support/photo.ts';
import { renderWords } from '../../support/rendering.ts';

const folder = mkdtempSync(join(tmpdir(), 'tintype-metadata-'));
afterAll(() => rmSync(folder, { recursive: true }));

const originals = ['private.jpg', 'private.png', 'private.webp', 'private.gif'] as const;
const formats = ['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;
const ways = [
  '',
  'w_50,',
  'fl_keep_attribution,',
  'cs_keep,',
  'cs_keep,e_blur,e_negate,fl_keep_attribution,',
  'dn_300,',
];

const pairs = originals.flatMap((original) => formats.map((format) => [original, format] as const));

/** Kinds of chunk a PNG of ours may hold: no text, and nothing compressed that a search would miss. */
const harmless = ['IHDR', 'PLTE', 'tRNS', 'pHYs', 'eXIf', 'IDAT', 'IEND'];

function chunksOf(png: Uint8Array): readonly string[] {
  const file = Buffer.from(png);
  const kinds: string[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12)
    kinds.push(file.toString('latin1', at + 4, at + 8));
  return kinds;
}

describe('Nothing that a picture says about its maker leaves with it:', () => {
  it.each(pairs)('%s as %s', async (original, format) => {
    for (const words of ways) {
      const { bytes } = await renderWords(fixturePath(original), `${words}f_${format}`);
      expect(Buffer.from(bytes).includes(canary), words).toBe(false);
      const { exif, xmp, iptc, comments } = await sharp(bytes).metadata();
      expect([xmp, iptc, comments]).toEqual([undefined, undefined, undefined]);
      if (!words.includes('keep_attribution')) expect(exif).toBeUndefined();
      if (format === 'png') expect(chunksOf(bytes).filter((kind) => !harmless.includes(kind))).toEqual([]);
    }
  });
});

describe('Artist and copyright', () => {
  const kept = ['jpg', 'png', 'webp', 'avif'] as const;

  it.each(kept)('stay in a %s where they are asked for, alone', async (format) => {
    const { bytes } = await renderWords(fixturePath('private.jpg'), `f_${format},fl_keep_attribution,w_60`);
    const { exif, orientation } = await sharp(bytes).metadata();
    expect(attributionIn(exif ?? Buffer.alloc(0))).toEqual({
      Artist: attribution.artist,
      Copyright: attribution.copyright,
    });
    expect(orientation ?? 1).toBe(1);
  });

  it('do not bring the orientation back that was done', async () => {
    const path = join(folder, 'phone.jpg');
    await sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } })
      .withMetadata({ orientation: 6 })
      .withExifMerge({ IFD0: { Artist: 'Ada Plate' } })
      .jpeg()
      .toFile(path);
    for (const words of ['f_jpg', 'cs_keep,f_jpg', 'f_png']) {
      const { bytes } = await renderWords(path, `${words},fl_keep_attribution`);
      const { width, height, orientation, exif } = await sharp(bytes).metadata();
      expect([width, height, orientation ?? 1]).toEqual([40, 60, 1]);
      expect(attributionIn(exif ?? Buffer.alloc(0))).toEqual({ Artist: 'Ada Plate' });
    }
  });

  it('are not looked for in damaged EXIF', () => {
    const bytes = Buffer.from('4d4d002a0000000800018298000200000fff0000ffff', 'hex');
    expect(attributionIn(bytes)).toBeNull();
    expect(attributionIn(Buffer.from('4d4d'))).toBeNull();
    expect(attributionIn(Buffer.alloc(0))).toBeNull();
  });

  it('are of at most 1000 bytes, without control characters', () => {
    const head = Buffer.from('4d4d002a00000008000182980002000007d00000001a00000000', 'hex');
    const name = Buffer.concat([Buffer.from('A\u0007B\n'), Buffer.alloc(1996, 'x')]);
    expect(attributionIn(Buffer.concat([head, name]))).toEqual({ Copyright: `A B ${'x'.repeat(996)}` });
  });
});

describe('A density', () => {
  it.each(['jpg', 'png', 'tiff'])('of 300 is what a %s says, and no pixel changes', async (format) => {
    const [said, unsaid] = await Promise.all([
      renderWords(fixturePath('scene.png'), `dn_300,f_${format},w_60`),
      renderWords(fixturePath('scene.png'), `f_${format},w_60`),
    ]);
    expect((await sharp(said.bytes).metadata()).density).toBe(300);
    const [one, other] = await Promise.all([said, unsaid].map(({ bytes }) => sharp(bytes).raw().toBuffer()));
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
  });

  it('stands beside names', async () => {
    const { bytes } = await renderWords(fixturePath('private.jpg'), 'dn_150,f_jpg,fl_keep_attribution');
    expect((await sharp(bytes).metadata()).exif).toBeDefined();
    expect(Buffer.from(bytes).readUInt16BE(14)).toBe(150);
  });
});

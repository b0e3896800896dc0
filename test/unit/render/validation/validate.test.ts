import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { app1, exifBytes } from '../../../hostile/exif-bytes.ts';
import { gifBytes, gifFrame } from '../../../hostile/gif-bytes.ts';
import { jpegOfScans, withSegment, withSides } from '../../../hostile/jpeg-bytes.ts';
import { compressedText, pngBytes, pngChunk } from '../../../hostile/png-bytes.ts';
import { tiffBytes } from '../../../hostile/tiff-bytes.ts';
import { costOfTurningAway, letIn, turnAway } from '../../../hostile/validation.ts';
import { animatedWebp, losslessWebp } from '../../../hostile/webp-bytes.ts';
import { fixtureBytes } from '../../../support/photo.ts';

/** An AVIF that claims other sides in its `ispe` box. */
function avifOf(width: number, height: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(fixtureBytes('still.avif'));
  const at = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(width, at);
  bytes.writeUInt32BE(height, at + 4);
  return bytes;
}

const repeated = (count: number, block: Uint8Array) => Array.from({ length: count }, () => block);

describe('Threat A1: sides are judged by the header, before a pixel is decoded', () => {
  it.each([
    ['PNG', pngBytes({ width: 100_000, height: 100_000 })],
    ['PNG of 2³¹−1', pngBytes({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 })],
    ['GIF', gifBytes(65_535, 65_535, [gifFrame()])],
    ['GIF by a frame over the edge', gifBytes(1, 1, [gifFrame(60_000, 60_000)])],
    ['JPEG', withSides(fixtureBytes('scene.jpg'), 65_500, 65_500)],
    ['WebP', losslessWebp(16_383, 16_383)],
    ['AVIF', avifOf(65_535, 65_535)],
    ['TIFF', tiffBytes({ width: 100_000, height: 100_000 })],
    ['BigTIFF', tiffBytes({ width: 100_000, height: 100_000, big: true })],
  ])('a %s of many megapixels and few bytes is refused at once, for no memory', async (_, bytes) => {
    const { refusal, cpu, memory } = await costOfTurningAway(bytes);
    expect(cpu).toBeLessThan(50);
    expect(memory).toBeLessThan(20_000_000);
    expect(refusal.status).toBe(422);
    expect(refusal.sentence).toMatch(/^Expected at most 50000000 pixels but \d+×\d+ are \d+$/);
  });

  it('has no room for more than the policy allows, and room for that', async () => {
    const bytes = fixtureBytes('scene.png');
    expect(await letIn(bytes, { maxPixels: 480 * 320 })).toMatchObject({ width: 480, height: 320 });
    expect(await turnAway(bytes, { maxPixels: 480 * 320 - 1 })).toEqual({
      status: 422,
      sentence: 'Expected at most 153599 pixels but 480×320 are 153600',
    });
  });

  it.each([
    ['PNG', pngBytes({ width: 0 })],
    ['JPEG', withSides(fixtureBytes('scene.jpg'), 0, 0)],
    ['TIFF', tiffBytes({ width: 0 })],
  ])('a %s without a pixel is refused', async (_, bytes) => {
    expect((await turnAway(bytes)).status).toBe(422);
  });
});

describe('Threat A2: frames are counted before one is decoded', () => {
  it.each([
    ['GIF', gifBytes(4, 4, repeated(257, gifFrame()))],
    ['WebP', animatedWebp(4, 4, 257)],
    ['WebP of 200 000', animatedWebp(4, 4, 200_000)],
    ['TIFF', tiffBytes({ pages: 257 })],
    ['TIFF of 60 000', tiffBytes({ pages: 60_000 })],
  ])('a %s with more frames than the limit is refused at once', async (_, bytes) => {
    const { refusal, cpu } = await costOfTurningAway(bytes);
    expect(cpu).toBeLessThan(50);
    expect(refusal).toEqual({ status: 422, sentence: 'Expected at most 256 frames or pages but there are more' });
  });

  it.each([
    ['GIF', gifBytes(1000, 1000, repeated(101, gifFrame()))],
    ['WebP', animatedWebp(1000, 1000, 101)],
    ['TIFF', tiffBytes({ width: 1000, height: 1000, pages: 101 })],
  ])('a %s whose frames are small one by one and too many pixels together is refused', async (_, bytes) => {
    const { status, sentence } = await turnAway(bytes);
    expect(status).toBe(422);
    expect(sentence).toBe('Expected at most 100000000 pixels in all frames together but they are 101000000');
  });

  it('as many as the limit may come in', async () => {
    expect(await letIn(gifBytes(4, 4, repeated(256, gifFrame())))).toMatchObject({ pages: 256 });
  });
});

describe('Threat A3: metadata cannot blow up a PNG', () => {
  const megabytes = 1024 * 1024;
  const profile = (size: number) =>
    pngChunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.alloc(size))]));
  const broken = pngChunk('zTXt', Buffer.concat([Buffer.from('k\0\0'), deflateSync(randomBytes(100)).subarray(0, 50)]));

  it.each([
    ['ten texts of 20 MB', { before: repeated(10, compressedText(20_000_000)) }],
    ['a text of 4 MB and a byte', { before: [compressedText(4 * megabytes + 1)] }],
    ['a profile of 100 MB', { before: [profile(100_000_000)] }],
    ['five texts of 1 MB', { before: repeated(5, compressedText(megabytes)) }],
    ['texts of 20 MB behind its pixels', { after: repeated(10, compressedText(20_000_000)) }],
    ['60 MB of plain text', { before: [pngChunk('tEXt', `k\0${'x'.repeat(60_000_000)}`)] }],
    ['17 texts that break off', { before: repeated(17, broken) }],
    ['1001 texts', { before: repeated(1001, pngChunk('tEXt', 'k\0v')) }],
  ])('%s are refused without inflating them all', async (_, parts) => {
    const { refusal, cpu, memory } = await costOfTurningAway(pngBytes(parts));
    expect(refusal.status).toBe(422);
    expect(refusal.sentence).toMatch(/^Expected at most \d+ (?:bytes|chunks) of metadata in a png but /);
    expect(cpu).toBeLessThan(100);
    expect(memory).toBeLessThan(50_000_000);
  });

  it.each([
    ['three texts of 1 MB', repeated(3, compressedText(megabytes))],
    ['a profile of 2 MB', [profile(2 * megabytes)]],
    ['990 small texts', repeated(990, pngChunk('tEXt', 'Comment\0hello'))],
    ['2 MB of random text', [pngChunk('zTXt', Buffer.concat([Buffer.from('k\0\0'), deflateSync(randomBytes(2e6))]))]],
  ])('%s may come in', async (_, before) => {
    expect(await letIn(pngBytes({ before }))).toMatchObject({ width: 8, height: 8 });
  });
});

describe('Threat A4: a picture that is decoded over and over', () => {
  it('is refused when a progressive JPEG has more than 100 scans, and taken with 100', async () => {
    expect(await letIn(jpegOfScans(64, 64, 100))).toMatchObject({ width: 64, format: 'jpg' });
    expect(await turnAway(jpegOfScans(64, 64, 101))).toEqual({
      status: 422,
      sentence: 'Expected at most 100 scans in a jpg but it has more',
    });
  });

  it('is found without being decoded', async () => {
    const { cpu } = await costOfTurningAway(jpegOfScans(3000, 3000, 883));
    expect(cpu).toBeLessThan(50);
  });
});

describe('Threat A5: extreme shapes', () => {
  it.each([
    [1, 65_500],
    [65_500, 1],
  ])('%i × %i is a picture', async (width, height) => {
    expect(await letIn(pngBytes({ width, height }))).toMatchObject({ width, height });
  });
});

describe('Threat B7: orientation turns the sides, garbage does not', () => {
  const jpeg = fixtureBytes('scene.jpg');
  const turned = { width: 320, height: 480 };

  it.each([1, 2, 3, 4])('%i leaves them', async (orientation) => {
    expect(await letIn(withSegment(jpeg, 0xe1, app1(orientation)))).toMatchObject({ orientation, width: 480 });
  });

  it.each([5, 6, 7, 8])('%i swaps them', async (orientation) => {
    expect(await letIn(withSegment(jpeg, 0xe1, app1(orientation)))).toMatchObject({ orientation, ...turned });
  });

  it.each([0, 9, 65_535])('%i counts as 1', async (orientation) => {
    expect(await letIn(withSegment(jpeg, 0xe1, app1(orientation)))).toMatchObject({ orientation: 1, width: 480 });
  });

  it('a directory that follows itself is read once', async () => {
    const begun = performance.now();
    expect(await letIn(withSegment(jpeg, 0xe1, app1(6, 8)))).toMatchObject({ width: expect.any(Number) });
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('a PNG says it in eXIf', async () => {
    const bytes = pngBytes({ width: 9, height: 5, before: [pngChunk('eXIf', exifBytes(6))] });
    expect(await letIn(bytes)).toMatchObject({ orientation: 6, width: 5, height: 9 });
  });
});

describe('Threat C1: SVG', () => {
  const svg = (body: string, sides = 'width="40" height="30"') =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${sides}>${body}</svg>`);
  const raster = { svg: 'raster' } as const;

  it('is not taken unless asked for', async () => {
    expect(await turnAway(svg(''))).toEqual({
      status: 415,
      sentence:
        'Expected jpg, png, webp, avif, gif, tiff but received SVG; SVG uploads are off, set TINTYPE_SVG=raster to accept them',
    });
  });

  it('is taken as pixels when asked for', async () => {
    expect(await letIn(svg('<circle r="9"/>'), raster)).toEqual({
      format: 'png',
      mediaType: 'image/svg+xml',
      width: 40,
      height: 30,
      orientation: 1,
      alpha: true,
      pages: 1,
    });
  });

  const entities = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
  const laughs = Buffer.concat([
    Buffer.from(`<!DOCTYPE svg [<!ENTITY l0 "ha">${entities}]>`),
    svg('<text>&l9;</text>'),
  ]);
  it.each([
    ['gzip', 415, gzipSync(svg(''))],
    ['more than 1 MB', 422, svg(`<!--${'x'.repeat(1024 * 1024)}-->`)],
    ['a side of 5 km', 422, svg('', 'width="5000000mm" height="5000000mm"')],
    ['a billion laughs', 422, laughs],
    ['no end', 422, svg('').subarray(0, -3)],
  ])('but never with %s (%i)', async (_, status, bytes) => {
    expect((await turnAway(bytes, raster)).status).toBe(status);
  });
});

describe('Threat L1: of EXIF nothing but the orientation is kept', () => {
  it('facts hold no string of the file', async () => {
    const exif = Buffer.concat([app1(1), Buffer.from('canary-maker')]);
    const comment = withSegment(fixtureBytes('scene.jpg'), 0xfe, Buffer.from('canary-comment'));
    const facts = await letIn(withSegment(comment, 0xe1, exif));
    expect(JSON.stringify(facts)).not.toContain('canary');
    expect(Object.keys(facts).sort()).toEqual(
      ['alpha', 'format', 'height', 'mediaType', 'orientation', 'pages', 'width'].sort(),
    );
  });
});

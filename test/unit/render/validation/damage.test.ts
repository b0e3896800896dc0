import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/errors.ts';
import { gifBytes, gifFrame } from '../../../hostile/gif-bytes.ts';
import { heifBytes } from '../../../hostile/heif-bytes.ts';
import { withPadding, withSegment, withSides } from '../../../hostile/jpeg-bytes.ts';
import { pngBytes, pngChunk } from '../../../hostile/png-bytes.ts';
import { tiffBytes } from '../../../hostile/tiff-bytes.ts';
import { letIn, turnAway } from '../../../hostile/validation.ts';
import { webpBytes, webpChunk } from '../../../hostile/webp-bytes.ts';
import { fixtureBytes, smallPixel } from '../../../support/photo.ts';

const stills = ['scene.jpg', 'scene.png', 'still.gif', 'still.webp', 'still.avif', 'still.tiff'];

/** Four frames of 48 × 48 that differ. */
async function animation(format: 'gif' | 'webp'): Promise<Buffer<ArrayBuffer>> {
  const pixels = Array.from({ length: 48 * 192 }, (_, at) => smallPixel(at % 48, Math.floor(at / 48))).flat();
  const strip = sharp(Buffer.from(pixels), { raw: { width: 48, height: 192, channels: 3, pageHeight: 48 } });
  const encoded = format === 'gif' ? strip.gif() : strip.webp({ lossless: true });
  return Buffer.from(await encoded.toBuffer());
}

const animations = { gif: await animation('gif'), webp: await animation('webp') } as const;

/** Two frames; a decoder that looks at the first alone takes it for whole when the second is cut. */
const frame = pngChunk('fcTL', Buffer.from('00000000000000080000000800000000000000000001000a0000', 'hex'));
const apng = pngBytes({ before: [pngChunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])), frame], after: [frame] });

describe('Threat B2: a file that was cut is never taken', () => {
  const cuts = [0.1, 0.5, 0.85, 0.99];

  it.each(stills.flatMap((name) => cuts.map((cut) => [name, cut] as const)))('%s cut at %d', async (name, cut) => {
    const bytes = fixtureBytes(name);
    const { status, sentence } = await turnAway(bytes.subarray(0, Math.floor(bytes.length * cut)));
    expect(status).toBe(422);
    expect(sentence).toMatch(/^Expected a whole \w+ but /);
  });

  it.each((['gif', 'webp'] as const).flatMap((format) => [0.3, 0.6, 0.95].map((cut) => [format, cut] as const)))(
    'an animated %s cut at %d, in a later frame',
    async (format, cut) => {
      const bytes = animations[format];
      expect(await letIn(bytes)).toMatchObject({ pages: 4, width: 48, height: 48 });
      expect((await turnAway(bytes.subarray(0, Math.floor(bytes.length * cut)))).status).toBe(422);
    },
  );

  it.each([
    ['a GIF without its trailer', fixtureBytes('still.gif').subarray(0, -1)],
    ['a PNG without IEND', fixtureBytes('scene.png').subarray(0, -12)],
    ['an APNG cut behind its first frame', apng.subarray(0, -12 - 38)],
    ['a JPEG without its end', fixtureBytes('scene.jpg').subarray(0, -2)],
  ])('%s', async (_, bytes) => {
    expect((await turnAway(bytes)).status).toBe(422);
  });

  it('nor a JPEG that claims twice the height of its data and would end in grey', async () => {
    expect((await turnAway(withSides(fixtureBytes('scene.jpg'), 480, 640))).status).toBe(422);
  });

  it('nor a TIFF whose second page points beyond the file', async () => {
    expect((await turnAway(tiffBytes({ pages: 1, last: 100_000 }))).status).toBe(422);
  });

  it('nor a TIFF whose second page lost its pixels', async () => {
    expect(await letIn(tiffBytes({ pages: 2 }))).toMatchObject({ pages: 2 });
    expect((await turnAway(tiffBytes({ pages: 2, lastPixels: 100_000 }))).status).toBe(422);
  });

  it('nor a later frame of a WebP that lost its bytes', async () => {
    const bytes = Buffer.from(animations.webp);
    // Behind the headers of the frame and of VP8L, so that only decoding shows it.
    const last = bytes.lastIndexOf('ANMF') + 24 + 8 + 5;
    bytes.fill(0xff, last, last + 20);
    expect((await turnAway(bytes)).status).toBe(422);
  });
});

describe('Threat B1: any bytes give facts or a refusal with a sentence that tells nothing of us', () => {
  const bytes = stills.map(fixtureBytes);

  it('whatever is changed in a picture', async () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(fc.constantFrom(...bytes), damage, async (picture, changes) => {
      const damaged = Buffer.from(picture);
      // Half of them hit the header, where decoders decide most.
      for (const [place, value] of changes) damaged[place % (value % 2 === 0 ? 256 : damaged.length)] = value;
      const outcome = await letIn(damaged).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) return;
      expect(outcome).toBeInstanceOf(Failure);
      expect(outcome.message).toMatch(/^Expected .* but /);
      expect(outcome.message).not.toMatch(/tintype-validation|vips|\/tmp/i);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it.each(['\xff\xd8', 'GIF89a', '\x89PNG\r\n\x1a\n', 'RIFF\0\0\0\0WEBP', 'II*\0', 'MM\0+', '\0\0\0\x10ftypavif'])(
    'whatever follows %j',
    async (magic) => {
      const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        const outcome = await letIn(Buffer.concat([Buffer.from(magic, 'latin1'), noise])).catch(
          (error: unknown) => error,
        );
        expect(outcome).toBeInstanceOf(Failure);
      });
      await fc.assert(property, { numRuns: 50 });
    },
  );

  it('and no bytes at all', async () => {
    expect(await turnAway(Buffer.alloc(0))).toEqual({
      status: 422,
      sentence: 'Expected a picture but received no bytes',
    });
  });

  it.each([
    ['a GIF whose blocks are none', 'Expected gif blocks', gifBytes(4, 4, [Buffer.from([0x99])])],
    ['a GIF without a frame', 'Expected a gif with at least one frame', gifBytes(4, 4, [])],
    ['a PNG that begins otherwise', 'Expected IHDR as the first chunk', pngBytes().fill('x', 12, 16)],
    ['a PNG chunk of all lengths', 'Expected png chunks', pngBytes({ before: [pngChunk('tEXt').fill(0xff, 0, 4)] })],
    ['a PNG chunk too long', 'ends inside its tEXt chunk', pngBytes({ before: [pngChunk('tEXt').fill(0x7f, 0, 4)] })],
    ['a TIFF that runs in a circle', 'run in a circle', tiffBytes({ pages: 2, last: 8 })],
    ['a TIFF of old-style JPEG', 'old-style JPEG', tiffBytes({ compression: 6 })],
    [
      'a WebP of too many chunks',
      'at most 1000 chunks',
      webpBytes(Array.from({ length: 1001 }, () => webpChunk('JUNK', Buffer.alloc(0)))),
    ],
  ])('%s is refused by a sentence of its own', async (_, words, bytes) => {
    const { status, sentence } = await turnAway(bytes);
    expect([status, sentence]).toEqual([422, expect.stringContaining(words)]);
  });
});

describe('Threat B3: a name is nothing, bytes are all', () => {
  it.each(['<html><script>1</script></html>', '<?php 1 ?>', '\x7fELF\x02\x01', '%PDF-1.7', 'PK\x03\x04', 'hello'])(
    '%j is no picture',
    async (text) => {
      expect((await turnAway(Buffer.from(text, 'latin1'))).status).toBe(415);
    },
  );

  it.each(stills)('%s comes in under a name without a suffix', async (name) => {
    expect((await letIn(fixtureBytes(name))).mediaType).toMatch(/^image\//);
  });

  it('a format that the policy leaves out is refused by its name', async () => {
    expect(await turnAway(fixtureBytes('still.gif'), { formats: ['jpg', 'png'] })).toEqual({
      status: 415,
      sentence: 'Expected jpg, png but received gif; TINTYPE_FORMATS lists the formats that are accepted',
    });
  });

  it.each([
    ['heic', 'HEIC (HEVC); convert it to JPEG, PNG or AVIF first, or set TINTYPE_HEIC=convert to accept it'],
    ['avis', 'an AVIF sequence; animations are taken as GIF or WebP'],
  ])('brand %s is refused with advice', async (brand, what) => {
    const bytes = Buffer.from(fixtureBytes('still.avif'));
    bytes.write(brand, 8, 'latin1');
    const { status, sentence } = await turnAway(bytes);
    expect([status, sentence]).toEqual([415, `Expected jpg, png, webp, avif, gif, tiff but received ${what}`]);
  });

  it('HEVC under the brand of AVIF is refused as what it is', async () => {
    const { status, sentence } = await turnAway(heifBytes({ codec: 'hvc1' }));
    expect([status, sentence]).toEqual([415, expect.stringContaining('a codec we have no decoder for; convert it')]);
  });
});

describe('Threat B4: a picture that is something else too', () => {
  it.each([
    ['a JPEG with a page in its comment', withSegment(fixtureBytes('scene.jpg'), 0xfe, Buffer.from('<script>'))],
    ['a JPEG with a ZIP behind it', Buffer.concat([fixtureBytes('scene.jpg'), Buffer.from('PK\x03\x04')])],
    ['a PNG with a page behind it', Buffer.concat([fixtureBytes('scene.png'), Buffer.from('<html>')])],
    ['a GIF with a page behind it', Buffer.concat([fixtureBytes('still.gif'), Buffer.from('<html>')])],
    ['a PNG with a script in its text', pngBytes({ before: [pngChunk('tEXt', 'k\0<script>')] })],
  ])('%s comes in as the picture it is', async (_, bytes) => {
    expect(await letIn(bytes)).toMatchObject({ pages: 1 });
  });

  it('a script that begins as a GIF is refused', async () => {
    expect((await turnAway(Buffer.from('GIF89a/*\0\0\0\0\0*/=1;alert(1);'))).status).toBe(422);
  });
});

describe('Threat B6: a bad profile is no reason to refuse a picture', () => {
  const icc = (data: Uint8Array) => Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), data]);
  it.each([
    ['a JPEG profile of zeros', withSegment(fixtureBytes('scene.jpg'), 0xe2, icc(Buffer.alloc(500)))],
    [
      'a JPEG profile that is the second of none',
      withSegment(fixtureBytes('scene.jpg'), 0xe2, icc(Buffer.alloc(4)).fill(9, 12, 14)),
    ],
    ['a PNG profile that is no zlib', pngBytes({ before: [pngChunk('iCCP', 'p\0\0garbage')] })],
    ['a PNG profile without a name', pngBytes({ before: [pngChunk('iCCP', 'garbage')] })],
    ['a PNG text that ends at once', pngBytes({ before: [pngChunk('iTXt', 'k\0\x01')] })],
  ])('%s', async (_, bytes) => {
    expect(await letIn(bytes)).toMatchObject({ pages: 1 });
  });
});

describe('A decoder may warn of what is no damage', () => {
  it.each([
    ['a JPEG with bytes between its segments', withPadding(fixtureBytes('scene.jpg'))],
    ['a TIFF with a text that does not end in zero', tiffBytes({ text: 'WGS8' })],
  ])('%s comes in', async (_, bytes) => {
    expect(await letIn(bytes)).toMatchObject({ pages: 1 });
  });
});

describe('The facts of what comes in', () => {
  it.each([
    ['scene.jpg', { format: 'jpg', mediaType: 'image/jpeg', width: 480, height: 320, alpha: false, pages: 1 }],
    ['scene.png', { format: 'png', mediaType: 'image/png', width: 480, height: 320, alpha: false, pages: 1 }],
    ['still.gif', { format: 'gif', mediaType: 'image/gif', width: 240, height: 160, pages: 1 }],
    ['still.webp', { format: 'webp', mediaType: 'image/webp', width: 240, height: 160, alpha: false, pages: 1 }],
    ['still.avif', { format: 'avif', mediaType: 'image/avif', orientation: 1, alpha: false, pages: 1 }],
    ['still.tiff', { format: 'tiff', mediaType: 'image/tiff', width: 240, height: 160, alpha: false, pages: 1 }],
  ])('%s', async (name, facts) => {
    expect(await letIn(fixtureBytes(name))).toMatchObject(facts);
  });

  it('a palette with a transparent colour has alpha', async () => {
    const raw = { width: 2, height: 1, channels: 4 } as const;
    const image = sharp(Buffer.from([255, 0, 0, 255, 0, 0, 0, 0]), { raw });
    expect(await letIn(await image.clone().png({ palette: true }).toBuffer())).toMatchObject({ alpha: true });
    expect(await letIn(await image.clone().gif().toBuffer())).toMatchObject({ alpha: true });
    expect(await letIn(gifBytes(1, 1, [gifFrame()]))).toMatchObject({ alpha: false });
  });

  it('an APNG counts one page, since only its first frame can be reached', async () => {
    expect(await letIn(apng)).toMatchObject({ format: 'png', pages: 1 });
  });

  it('an AVIF of two pictures counts one page, its primary', async () => {
    expect(await letIn(heifBytes({ pictures: 2 }))).toMatchObject({ format: 'avif', pages: 1 });
  });

  it('a TIFF counts its pages, a BigTIFF too', async () => {
    expect(await letIn(tiffBytes({ pages: 3 }))).toMatchObject({ format: 'tiff', pages: 3 });
    expect(await letIn(tiffBytes({ pages: 3, big: true }))).toMatchObject({ format: 'tiff', pages: 3 });
  });
});

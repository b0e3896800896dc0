import { readdirSync, statSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { clearPixel, clearSize } from '../../../fixtures/draw/alpha.ts';
import { moving, movingFrame } from '../../../fixtures/draw/animation.ts';
import { chunksOf } from '../../../fixtures/draw/bytes/png.ts';
import { canary } from '../../../fixtures/draw/private.ts';
import { likeness, meanColourDifference } from '../../support/likeness.ts';
import { fixtureBytes, fixturePath } from '../../support/photo.ts';

const within50megapixels = { failOn: 'error', limitInputPixels: 50e6 } as const;

function decode(name: string): Promise<Buffer> {
  return sharp(fixtureBytes(name), within50megapixels).png().toBuffer();
}

describe('the fixtures', () => {
  const table = [
    ...fixtureBytes('README.md')
      .toString()
      .matchAll(/^\| `(.+?)` \| (\d+) \|/gm),
  ];
  const listed = new Map(table.map(([, name, bytes]) => [name, Number(bytes)]));

  it('are those of the README, with the sizes it tells', () => {
    const files = readdirSync(fixturePath('.'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('draw') && name !== 'README.md' && statSync(fixturePath(name)).isFile(),
    );
    expect(Object.fromEntries(files.map((name) => [name, statSync(fixturePath(name)).size]))).toEqual(
      Object.fromEntries(listed),
    );
  });

  it('are small enough to clone without a thought: 1.5 MB together, the sample below 300 kB', () => {
    expect([...listed.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1_500_000);
    expect(listed.get('sample.jpg')).toBeLessThan(300_000);
  });
});

describe('the scene', () => {
  const mean = async (image: Sharp): Promise<readonly number[]> => [
    ...(await image.resize(1, 1).removeAlpha().raw().toBuffer()),
  ];

  it('has a corner of its own colour at each end', async () => {
    const corner = (left: number, top: number): Promise<readonly number[]> =>
      mean(sharp(fixtureBytes('scene.png')).extract({ left, top, width: 32, height: 32 }));
    expect(await corner(0, 0)).toEqual([224, 32, 32]);
    expect(await corner(448, 0)).toEqual([32, 176, 64]);
    expect(await corner(0, 288)).toEqual([32, 64, 224]);
    expect(await corner(448, 288)).toEqual([240, 208, 32]);
  });
});

const upright = await decode('orientation/1.jpg');

describe('the orientations', () => {
  const names = readdirSync(fixturePath('orientation'));

  it('are all eight in JPEG, and some in every format that can say one', () => {
    const count = (extension: string): number => names.filter((name) => name.endsWith(extension)).length;
    expect(['jpg', 'png', 'webp', 'tiff', 'avif'].map(count)).toEqual([8, 2, 2, 2, 4]);
  });

  it.each(names)('%s turns into the upright scene', async (name) => {
    const turned = await sharp(fixtureBytes(`orientation/${name}`), { autoOrient: true })
      .png()
      .toBuffer();
    const { structure, colour } = await likeness(upright, turned);
    expect(structure).toBeGreaterThan(0.99);
    expect(colour).toBeLessThan(1);
  });

  it.each(names.filter((name) => /^[2-8]\.(jpg|png|webp|tiff)$/.test(name)))(
    '%s is not stored upright',
    async (name) => {
      const { data, info } = await sharp(fixtureBytes(`orientation/${name}`))
        .png()
        .toBuffer({ resolveWithObject: true });
      const sameSize = info.width === 120 ? data : await sharp(data).resize(120, 80, { fit: 'fill' }).png().toBuffer();
      expect((await likeness(upright, sameSize)).colour).toBeGreaterThan(20);
    },
  );

  it('of AVIF are told by boxes', () => {
    const boxes = (n: number): readonly boolean[] =>
      ['irot', 'imir'].map((box) => fixtureBytes(`orientation/${n}.avif`).includes(box));
    expect([2, 3, 5, 6].map(boxes)).toEqual([
      [false, true],
      [true, false],
      [true, true],
      [true, false],
    ]);
  });
});

describe('the small scene', () => {
  const reference = fixtureBytes('small.png');

  // Mean CIEDE2000; JPEG at quality 95 costs about 0.6 of it by itself.
  it.each([
    ['still.gif', 'gif', 'srgb', 0.1],
    ['still.webp', 'webp', 'srgb', 2],
    ['still.avif', 'heif', 'srgb', 1],
    ['still.tiff', 'tiff', 'srgb', 0],
    ['palette.png', 'png', 'srgb', 0.1],
    ['rgb16.png', 'png', 'rgb16', 0.2],
    ['rgb16.tiff', 'tiff', 'rgb16', 0.2],
    ['p3.jpg', 'jpeg', 'srgb', 1],
    ['p3.png', 'png', 'srgb', 0.4],
    ['adobe-rgb.jpg', 'jpeg', 'srgb', 1],
    ['prophoto.jpg', 'jpeg', 'srgb', 1],
    ['prophoto.png', 'png', 'srgb', 0.4],
    ['cmyk-icc.jpg', 'jpeg', 'cmyk', 1],
    ['bad-icc.png', 'png', 'srgb', 0],
    ['hollow-icc.jpg', 'jpeg', 'srgb', 1],
    ['big-icc.jpg', 'jpeg', 'srgb', 1],
  ] as const)('is what %s shows', async (name, format, space, difference) => {
    const facts = await sharp(fixtureBytes(name)).metadata();
    expect([facts.format, facts.space, facts.width, facts.height]).toEqual([format, space, 240, 160]);
    expect(await meanColourDifference(reference, await decode(name))).toBeLessThanOrEqual(difference);
  });

  it.each(['p3.png', 'prophoto.png', 'adobe-rgb.jpg'])('would look wrong in %s without its profile', async (name) => {
    const naked = await sharp(fixtureBytes(name)).keepIccProfile().raw().toBuffer({ resolveWithObject: true });
    const pixels = await sharp(naked.data, { raw: naked.info }).png().toBuffer();
    expect(await meanColourDifference(reference, pixels)).toBeGreaterThan(1.5);
  });

  it.each(['cmyk.jpg', 'cmyk-adobe.jpg', 'cmyk.tiff'])(
    'is recognisable in %s, whose inks have no profile',
    async (name) => {
      expect((await sharp(fixtureBytes(name)).metadata()).hasProfile).toBe(false);
      expect((await likeness(reference, await decode(name))).structure).toBeGreaterThan(0.95);
      expect(await meanColourDifference(reference, await decode(name))).toBeLessThan(12);
    },
  );

  it('has the Adobe marker in one of two files of the same inks', () => {
    expect(['cmyk.jpg', 'cmyk-adobe.jpg'].map((name) => fixtureBytes(name).includes('Adobe'))).toEqual([false, true]);
  });

  it.each([
    ['grey.jpg', 'b-w'],
    ['grey16.png', 'grey16'],
  ] as const)('keeps its structure in %s, which has one channel', async (name, space) => {
    const facts = await sharp(fixtureBytes(name)).metadata();
    expect([facts.space, facts.channels]).toEqual([space, 1]);
    expect((await likeness(reference, await decode(name))).structure).toBeGreaterThan(0.98);
  });
});

describe('the clear picture', () => {
  it.each(['alpha.png', 'alpha.webp'])('is its formula to the bit in %s, also where nothing is seen', async (name) => {
    const pixels = await sharp(fixtureBytes(name)).raw().toBuffer();
    const places = Array.from({ length: clearSize.width * clearSize.height }, (_, at) => at);
    const formula = places.flatMap((at) => [...clearPixel(at % clearSize.width, Math.floor(at / clearSize.width))]);
    expect(pixels.equals(Uint8Array.from(formula))).toBe(true);
  });

  it('has soft edges and shouting colours beneath full transparency', () => {
    expect(clearPixel(0, 0)[3]).toBe(0);
    expect(clearPixel(0, 0).slice(0, 3)).toContain(255);
    expect(clearPixel(70, 56)[3]).toBe(255);
    expect(clearPixel(106, 56)[3]).toBeGreaterThan(20);
    expect(clearPixel(106, 56)[3]).toBeLessThan(235);
  });

  it('has two channels as grey', async () => {
    const facts = await sharp(fixtureBytes('grey-alpha.png')).metadata();
    expect([facts.channels, facts.space, facts.hasAlpha]).toEqual([2, 'b-w', true]);
  });
});

describe('the moving picture', () => {
  it.each(['animated.gif', 'animated.webp'])('is seen in %s as its formula tells, at every moment', async (name) => {
    const facts = await sharp(fixtureBytes(name), { animated: true }).metadata();
    expect([facts.pages, facts.delay, facts.loop]).toEqual([5, moving.delays, moving.plays]);
    for (const moment of moving.delays.keys()) {
      const pixels = await sharp(fixtureBytes(name), { page: moment }).ensureAlpha().raw().toBuffer();
      const formula = { width: moving.width, height: moving.height, pixels: movingFrame(moment) };
      expect(await likeness({ ...formula, pixels }, formula)).toEqual({ structure: expect.closeTo(1, 9), colour: 0 });
    }
  });

  it('uses every disposal and frames of a part', () => {
    const gif = fixtureBytes('animated.gif');
    const flags = [0x04, 0x08, 0x0c].map((disposal) => gif.includes(Buffer.from([0x21, 0xf9, 4, disposal | 1])));
    expect(flags).toEqual([true, true, true]);
    expect(gif.includes(Buffer.from([0x2c, 22, 0, 22, 0, 24, 0, 24, 0]))).toBe(true);
  });

  it('begins as APNG with a still of its first moment', async () => {
    const png = fixtureBytes('apng.png');
    expect(await sharp(png).ensureAlpha().raw().toBuffer()).toEqual(Buffer.from(movingFrame(0)));
    expect(['acTL', 'fdAT'].map((type) => png.includes(type))).toEqual([true, true]);
  });

  it('has three pages as TIFF, each of its own size', async () => {
    const sizes = await Promise.all(
      [0, 1, 2].map(async (page) => {
        const { info } = await sharp(fixtureBytes('pages.tiff'), { page }).toBuffer({ resolveWithObject: true });
        return [info.width, info.height];
      }),
    );
    expect(sizes).toEqual([
      [90, 120],
      [110, 100],
      [130, 80],
    ]);
  });
});

describe('the private pictures', () => {
  it.each([
    ['private.jpg', ['EXIF', 'GPS', 'XMP', 'IPTC', 'COMMENT', 'TRAILER']],
    ['private.png', ['EXIF', 'GPS', 'XMP', 'COMMENT', 'TRAILER']],
    ['private.webp', ['EXIF', 'GPS', 'XMP', 'TRAILER']],
    ['private.gif', ['COMMENT', 'TRAILER']],
  ] as const)('%s decodes and holds its canaries', async (name, secrets) => {
    await decode(name);
    for (const secret of secrets) expect(fixtureBytes(name).includes(`${canary}-${secret}`)).toBe(true);
  });

  it.each(['private.jpg', 'private.png', 'private.webp'])(
    '%s holds what a decoder takes for EXIF and XMP',
    async (name) => {
      const facts = await sharp(fixtureBytes(name)).metadata();
      expect(facts.exif?.includes('Ada Plate')).toBe(true);
      expect(facts.exif?.includes(`${canary}-GPS`)).toBe(true);
      expect(facts.xmp?.includes(canary)).toBe(true);
    },
  );

  it('private.jpg holds what a decoder takes for IPTC', async () => {
    expect((await sharp(fixtureBytes('private.jpg')).metadata()).iptc?.includes(canary)).toBe(true);
  });
});

describe('the troublesome files', () => {
  it.each(['jpg', 'png', 'gif', 'webp'])('truncated.%s is refused by a decoder', async (extension) => {
    await expect(decode(`truncated.${extension}`)).rejects.toThrow();
  });

  it.each(['not-an-image.jpg', 'html.jpg'])('%s is no picture', async (name) => {
    await expect(decode(name)).rejects.toThrow('unsupported image format');
  });

  it.each(['page.svg', 'svg.png', 'gzip.png'])('%s is an SVG to librsvg', async (name) => {
    expect((await sharp(fixtureBytes(name)).metadata()).format).toBe('svg');
  });

  it.each(['bomb-50gp.png', 'bomb-4gp.jpg', 'bomb-webp.webp'])(
    '%s is tiny and over any limit of pixels',
    async (name) => {
      expect(fixtureBytes(name).length).toBeLessThan(3_000);
      await expect(decode(name)).rejects.toThrow('exceeds pixel limit');
    },
  );

  it('bomb-text.png is small, and each of its ten texts inflates to 20 MB', () => {
    const texts = chunksOf(fixtureBytes('bomb-text.png')).filter(({ type }) => type === 'iTXt');
    expect(texts.length).toBe(10);
    const [first] = texts;
    const packed = Buffer.from(first?.data ?? []);
    // After the keyword and its end: compressed, by zlib, no language, no translated keyword.
    expect(inflateSync(packed.subarray(packed.indexOf(0) + 5)).length).toBe(20_000_000);
    expect(fixtureBytes('bomb-text.png').length).toBeLessThan(200_000);
  });

  it('polyglot.gif is a sound GIF and reads as a script', async () => {
    await decode('polyglot.gif');
    const script = fixtureBytes('polyglot.gif').toString('latin1');
    expect(script.startsWith('GIF89a/*')).toBe(true);
    expect(script.endsWith('*/=1;alert("CANARY-POLYGLOT");')).toBe(true);
    expect(script.indexOf('*/')).toBe(script.lastIndexOf('*/'));
  });
});

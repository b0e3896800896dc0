import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { linearOf } from '../../support/colour.ts';
import { meanColourDifference, type RawPicture } from '../../support/likeness.ts';
import { fixtureBytes, fixturePath } from '../../support/photo.ts';
import { renderWords } from '../../support/rendering.ts';

/** Three channels of what is in a file that needs no profile to be understood. */
async function pixelsOf(bytes: Uint8Array): Promise<RawPicture> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: withAlpha(data) };
}

function withAlpha(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: (rgb.length / 3) * 4 }, (_, at) =>
    at % 4 === 3 ? 255 : (rgb[(at >> 2) * 3 + (at % 4)] ?? 0),
  );
}

/** The same picture with every pixel put through a formula. */
function through(
  { width, height, pixels }: RawPicture,
  formula: (red: number, green: number, blue: number) => number,
): RawPicture {
  const changed = pixels.slice();
  for (let at = 0; at < pixels.length; at += 4) {
    changed.fill(Math.round(formula(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0)), at, at + 3);
  }
  return { width, height, pixels: changed };
}

const encoded = (light: number) => 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
const luminance = (red: number, green: number, blue: number) =>
  encoded(0.2126 * linearOf(red / 255) + 0.7152 * linearOf(green / 255) + 0.0722 * linearOf(blue / 255));
const luma = (red: number, green: number, blue: number) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** `fixtures/draw` wrote the colours of `small.png` into each of these by the formulas of its space, so it is the reference. */
const coloured: readonly string[] = [
  'p3.jpg',
  'p3.png',
  'adobe-rgb.jpg',
  'prophoto.jpg',
  'prophoto.png',
  'cmyk-icc.jpg',
  'rgb16.png',
  'rgb16.tiff',
  'bad-icc.png',
  'hollow-icc.jpg',
  'big-icc.jpg',
];

describe('Whatever space a picture comes in, its answer is sRGB within a mean ΔE of 2:', () => {
  it.each(coloured)('%s', async (name) => {
    const { bytes } = await renderWords(fixturePath(name), 'f_png');
    expect(await meanColourDifference(bytes, fixtureBytes('small.png'))).toBeLessThan(2);
  });

  it.each(coloured)('%s, through two pipelines and an effect', async (name) => {
    const { bytes } = await renderWords(fixturePath(name), 'a_180,e_negate/a_180,e_negate/f_png');
    expect(await meanColourDifference(bytes, fixtureBytes('small.png'))).toBeLessThan(2);
  });

  it.each([
    ['grey.jpg', luminance],
    ['grey16.png', luma],
  ] as const)('%s', async (name, formula) => {
    const reference = through(await pixelsOf(fixtureBytes('small.png')), formula);
    const { bytes } = await renderWords(fixturePath(name), 'f_png');
    expect(await meanColourDifference(bytes, reference)).toBeLessThan(2);
  });

  it('grey-alpha.png keeps both its channels', async () => {
    const { bytes } = await renderWords(fixturePath('grey-alpha.png'), 'f_png');
    const before = await sharp(fixtureBytes('grey-alpha.png')).extractChannel(3).raw().toBuffer();
    const after = await sharp(bytes).extractChannel(3).raw().toBuffer();
    expect(after.equals(before)).toBe(true);
    expect(await meanColourDifference(bytes, fixtureBytes('grey-alpha.png'))).toBeLessThan(0.5);
  });
});

/**
 * Inks without a profile can mean anything. libvips takes them for its built-in press profile, which is duller than the
 * plain formula (1 - ink) × (1 - black): a mean ΔE of 7.7. What counts is that it is never inverted, and always the same.
 */
describe('Inks without a profile', () => {
  it.each(['cmyk.jpg', 'cmyk-adobe.jpg', 'cmyk.tiff'])('look like the picture, as on a press: %s', async (name) => {
    const { bytes } = await renderWords(fixturePath(name), 'f_png');
    expect(await meanColourDifference(bytes, fixtureBytes('small.png'))).toBeLessThan(9);
  });

  it('look alike however they are stored', async () => {
    const [marked, unmarked, tiff] = await Promise.all(
      ['cmyk-adobe.jpg', 'cmyk.jpg', 'cmyk.tiff'].map(
        async (name) => (await renderWords(fixturePath(name), 'f_png')).bytes,
      ),
    );
    if (marked === undefined || unmarked === undefined || tiff === undefined) throw new Error('Expected three answers');
    expect(await meanColourDifference(marked, unmarked)).toBeLessThan(0.5);
    expect(await meanColourDifference(marked, tiff)).toBeLessThan(2);
  });
});

describe('A profile', () => {
  const formats = ['jpg', 'png', 'webp', 'avif', 'tiff'] as const;

  it.each(formats)('is in no answer, so an original with a large one gives a small %s', async (format) => {
    const { bytes } = await renderWords(fixturePath('big-icc.jpg'), `f_${format}`);
    expect((await sharp(bytes).metadata()).icc).toBeUndefined();
    const plain = await renderWords(fixturePath('hollow-icc.jpg'), `f_${format}`);
    expect(bytes.byteLength).toBeLessThan(plain.bytes.byteLength * 1.1);
  });

  it.each(formats)('stays with the numbers it belongs to under cs_keep in a %s', async (format) => {
    const { bytes } = await renderWords(fixturePath('p3.png'), `cs_keep,f_${format}`);
    const metadata = await sharp(bytes).metadata();
    expect(metadata.icc?.equals((await sharp(fixtureBytes('p3.png')).metadata()).icc ?? Buffer.alloc(0))).toBe(true);
    // sharp reads the profile again, so the same colours are seen.
    expect(await meanColourDifference(bytes, fixtureBytes('small.png'))).toBeLessThan(3);
  });

  it('stays through several pipelines, and colours no longer pass through sRGB', async () => {
    const { bytes } = await renderWords(fixturePath('p3.png'), 'a_180,cs_keep,e_negate/a_180,e_negate/f_png');
    const own = (png: Uint8Array) => sharp(png, { ignoreIcc: true }).removeAlpha().raw().toBuffer();
    expect((await own(bytes)).equals(await own(fixtureBytes('p3.png')))).toBe(true);
    expect((await sharp(bytes).metadata()).icc).toBeDefined();
  });

  it.each(['cmyk-icc.jpg', 'cmyk.jpg', 'bad-icc.png', 'grey.jpg', 'small.png'])(
    'is not kept where it is none of RGB: cs_keep changes nothing of %s',
    async (name) => {
      const [kept, plain] = await Promise.all([
        renderWords(fixturePath(name), 'cs_keep,f_png'),
        renderWords(fixturePath(name), 'f_png'),
      ]);
      expect(Buffer.from(kept.bytes).equals(plain.bytes)).toBe(true);
    },
  );

  it('is none in one channel of grey', async () => {
    const { bytes } = await renderWords(fixturePath('p3.jpg'), 'cs_bw,f_jpg,w_100');
    expect(await sharp(bytes).metadata()).toMatchObject({ channels: 1, space: 'b-w' });
    const reference = through(
      await pixelsOf((await renderWords(fixturePath('small.png'), 'f_png,w_100')).bytes),
      luminance,
    );
    expect(await meanColourDifference(bytes, reference)).toBeLessThan(2);
  });
});

describe('What an encoder may lose', () => {
  it('q never makes a PNG lossy, only fl_lossy does', async () => {
    const lossless = await renderWords(fixturePath('sample.jpg'), 'f_png,q_10,w_200');
    const metadata = await sharp(lossless.bytes).metadata();
    expect(metadata.isPalette ?? false).toBe(false);
    const lossy = await renderWords(fixturePath('sample.jpg'), 'f_png,fl_lossy,q_60,w_200');
    expect(await sharp(lossy.bytes).metadata()).toMatchObject({ isPalette: true });
    expect(lossy.bytes.byteLength).toBeLessThan(lossless.bytes.byteLength / 2);
  });

  it.each(['webp', 'avif'])('fl_lossless keeps every pixel of a %s', async (format) => {
    const { bytes } = await renderWords(fixturePath('scene.png'), `f_${format},fl_lossless,w_200`);
    const reference = await renderWords(fixturePath('scene.png'), 'f_png,w_200');
    expect((await pixelsOf(bytes)).pixels).toEqual((await pixelsOf(reference.bytes)).pixels);
  });

  it.each([
    ['q_80', '4:2:0'],
    ['q_90', '4:4:4'],
    ['q_80:444', '4:4:4'],
    ['q_95:420', '4:2:0'],
  ])('%s gives a jpg of %s', async (words, chroma) => {
    const { bytes } = await renderWords(fixturePath('scene.png'), `f_jpg,${words}`);
    expect((await sharp(bytes).metadata()).chromaSubsampling).toBe(chroma);
  });

  it.each(['jpg', 'png'])('fl_progressive makes a %s appear coarse first', async (format) => {
    const { bytes } = await renderWords(fixturePath('scene.png'), `f_${format},fl_progressive`);
    expect((await sharp(bytes).metadata()).isProgressive).toBe(true);
  });
});

describe('Transparency', () => {
  const over = async (bytes: Uint8Array, background: string) => sharp(bytes).flatten({ background }).png().toBuffer();

  it.each([
    ['f_jpg,q_95:444', '#ffffff'],
    ['b_navy,f_jpg,q_95:444', '#000080'],
    ['b_navy,f_png', '#000080'],
    ['b_0000ff80,f_jpg,q_95:444', '#7f7fff'],
  ])('lies on the documented background under %s', async (words, background) => {
    const { bytes } = await renderWords(fixturePath('alpha.png'), words);
    expect((await sharp(bytes).metadata()).hasAlpha).toBe(false);
    expect(await meanColourDifference(bytes, await over(fixtureBytes('alpha.png'), background))).toBeLessThan(1);
  });

  /** Under the transparent places lie magenta and green; unpremultiplied work would draw a fringe of them, or of black. */
  it.each([
    'w_40',
    'c_fill,h_40,w_60',
    'a_30',
    'e_blur:200',
    'e_median:9',
    'e_pixelate:8',
    'e_sharpen',
    'c_pad,h_100,w_100',
    'a_90,w_50',
  ])('has no fringe under %s in any format that has alpha', async (words) => {
    for (const format of ['png', 'webp', 'avif', 'gif']) {
      if (format === 'gif' && words.startsWith('e_')) continue;
      const { bytes } = await renderWords(fixturePath(`alpha.png`), `${words}/f_${format}`);
      const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
        // The disc is orange and yellow: red above green above blue, never dark. Little alpha leaves few digits of colour.
        if (alpha > 40 && alpha < 230)
          expect(red > 130 && red >= green && green >= blue - 8, `${format} ${red} ${green} ${blue} ${alpha}`).toBe(
            true,
          );
      }
    }
  });
});

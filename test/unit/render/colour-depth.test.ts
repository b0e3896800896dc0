import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import {
  decode,
  encode,
  inverse,
  multiply,
  type RgbSpace,
  rgbProfile,
  spaces,
  toConnectionSpace,
} from '../../../fixtures/draw/bytes/icc.ts';
import { iccChunk, pngFromSamples, withChunks } from '../../../fixtures/draw/bytes/png.ts';
import { sanitize } from '../../../src/render/sanitizing/sanitize.ts';
import { deltaE, labOf } from '../../support/colour.ts';
import { letTestsLook } from '../../support/looking.ts';
import { policy, renderWords } from '../../support/rendering.ts';

letTestsLook();
const folder = mkdtempSync(join(tmpdir(), 'tintype-colour-depth-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Rgb = readonly [number, number, number];

/** Patches of sRGB, 0 to 255: the corners of its gamut, greys and colours between them. */
const patches: readonly Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 255, 255],
  [255, 0, 255],
  [255, 255, 255],
  [128, 128, 128],
  [0, 0, 0],
  [200, 120, 90],
  [60, 110, 70],
  [70, 90, 160],
];
const side = 16;
const size = { width: 4 * side, height: 3 * side } as const;

const profiles = { none: null, sRGB: spaces.srgb, P3: spaces.p3, 'Adobe RGB': spaces.adobe } as const;
type Profile = keyof typeof profiles;

/** PNG and TIFF hold 10 and 12 bits as 16. */
const containers = {
  png: [8, 16],
  tiff: [8, 16],
  avif: [8, 10, 12],
} as const;
type Container = keyof typeof containers;

/** The numbers from 0 to 1 that mean this colour of sRGB in another space. */
function numbersIn(space: RgbSpace, [red, green, blue]: Rgb): readonly number[] {
  const light = multiply(toConnectionSpace(spaces.srgb), [
    decode(spaces.srgb, red / 255),
    decode(spaces.srgb, green / 255),
    decode(spaces.srgb, blue / 255),
  ]);
  return multiply(inverse(toConnectionSpace(space)), light).map((value) => encode(space, value));
}

function samplesOf(space: RgbSpace, depth: 8 | 16): Buffer {
  const samples = Buffer.alloc((size.width * size.height * 3 * depth) / 8);
  const colours = patches.map((patch) => numbersIn(space, patch));
  for (let y = 0, at = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, at += 3) {
      const colour = colours[Math.floor(y / side) * 4 + Math.floor(x / side)] ?? [];
      for (const [band, value] of colour.entries()) {
        if (depth === 16) samples.writeUInt16BE(Math.round(value * 65_535), (at + band) * 2);
        else samples.writeUInt8(Math.round(value * 255), at + band);
      }
    }
  }
  return samples;
}

/** Draws the patches as a file, and returns its path. */
async function draw(container: Container, depth: 8 | 10 | 12 | 16, profile: Profile): Promise<string> {
  const space = profiles[profile];
  const stored = depth === 8 ? 8 : 16;
  const plain = pngFromSamples(samplesOf(space ?? spaces.srgb, stored), { ...size, channels: 3, depth: stored });
  const png = space === null ? plain : withChunks(plain, [iccChunk(space.name, rgbProfile(space))]);
  const path = join(folder, `${depth}-${profile}.${container}`);
  // Keeping the profile leaves the numbers as they are.
  const image = sharp(png).keepIccProfile();
  const deep = depth === 8 ? image : image.toColourspace('rgb16');
  if (container === 'png') writeFileSync(path, png);
  else if (container === 'tiff') await deep.tiff({ compression: 'deflate' }).toFile(path);
  else await deep.avif({ bitdepth: depth === 16 ? 12 : depth, lossless: true }).toFile(path);
  const { icc, bitsPerSample } = await sharp(path).metadata();
  expect([icc === undefined, bitsPerSample]).toEqual([space === null, container === 'avif' ? depth : stored]);
  return path;
}

/** The colour in the middle of every patch. */
async function patchesOf(bytes: Uint8Array): Promise<readonly Rgb[]> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return patches.map((_, index): Rgb => {
    const [x, y] = [(index % 4) * side + side / 2, Math.floor(index / 4) * side + side / 2];
    const [red = 0, green = 0, blue = 0] = data.subarray((y * info.width + x) * 3);
    return [red, green, blue];
  });
}

/** The largest CIEDE2000 between a patch and its colour. */
async function worstDifference(bytes: Uint8Array, expected: readonly Rgb[] = patches): Promise<number> {
  const found = await patchesOf(bytes);
  return Math.max(...found.map((colour, index) => deltaE(labOf(...colour), labOf(...(expected[index] ?? colour)))));
}

async function storedAsWebp(path: string): Promise<Buffer> {
  const out = `${path}.webp`;
  await sanitize({ path, out, policy, mode: 'webp' });
  letTestsLook();
  return readFileSync(out);
}

const files = Object.entries(containers).flatMap(([container, depths]) =>
  depths.flatMap((depth) =>
    Object.keys(profiles).map((profile) => [container as Container, depth, profile as Profile] as const),
  ),
);

describe.each(files)('The colours of a %s of %i bits with profile %s', (container, depth, profile) => {
  const drawn = draw(container, depth, profile);

  it.each([
    'f_jpg,q_100:444',
    'f_png',
    'f_webp,fl_lossless',
    'f_avif,fl_lossless',
    'f_gif',
    'f_tiff',
    'f_png/a_90/a_270,e_negate/e_negate',
  ])('stay within a ΔE of 1 in every patch of %s', async (words) => {
    const { bytes } = await renderWords(await drawn, words);
    expect(await worstDifference(bytes)).toBeLessThan(1);
  });

  it('are stored as WebP like those of 8 bits without a profile', async () => {
    const expected = await patchesOf(await storedAsWebp(await draw('png', 8, 'none')));
    // A quality of 90 alone moves the same colours by up to 2.3 where they are other numbers.
    expect(await worstDifference(await storedAsWebp(await drawn), expected)).toBeLessThan(3);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { type RgbSpace, rgbProfile, spaces } from '../../../../fixtures/draw/bytes/icc.ts';
import { iccChunk, withChunks } from '../../../../fixtures/draw/bytes/png.ts';
import { isLikeSrgb } from '../../../../src/render/pixels/colour-profile.ts';
import { letTestsLook } from '../../../support/looking.ts';
import { drawSmall, type Pixel } from '../../../support/photo.ts';
import { renderWords } from '../../../support/rendering.ts';

letTestsLook();
const folder = mkdtempSync(join(tmpdir(), 'tintype-colour-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Rounded as some makers round: it moves some colours by 1 of 255. */
const nearlySrgb: RgbSpace = { ...spaces.srgb, name: 'Nearly sRGB', red: [0.641, 0.33] };

describe('A profile is like sRGB', () => {
  it.each([spaces.srgb, nearlySrgb])('where no colour moves by more than 1 of 255: $name', async (space) => {
    expect(await isLikeSrgb(rgbProfile(space))).toBe(true);
  });

  it.each([
    spaces.p3,
    spaces.adobe,
    spaces.prophoto,
    { ...spaces.srgb, name: 'sRGB with a plain gamma', curve: 2.2 } as const,
  ])('and not otherwise: $name', async (space) => {
    expect(await isLikeSrgb(rgbProfile(space))).toBe(false);
  });

  it('as far as it is examined once, however many files embed it', () => {
    expect(isLikeSrgb(rgbProfile(spaces.srgb))).toBe(isLikeSrgb(rgbProfile(spaces.srgb)));
  });
});

describe('A profile like sRGB', () => {
  const colours = (x: number, y: number): Pixel => [x * 4, y * 4, (x * 7 + y * 13) % 256];

  async function answer(space: RgbSpace | null, words: string) {
    const plain = await drawSmall(64, 64, { pixel: colours });
    const path = join(folder, `${space?.name ?? 'none'}.png`);
    writeFileSync(path, space === null ? plain : withChunks(plain, [iccChunk(space.name, rgbProfile(space))]));
    return (await renderWords(path, words)).bytes;
  }

  it.each(['f_png', 'f_png,w_40', 'e_sharpen,f_webp', 'c_fill,f_jpg,g_auto,h_30,w_40'])(
    'is not applied: %s gives the bytes it gives without one',
    async (words) => {
      const [plain, profiled] = [await answer(null, words), await answer(nearlySrgb, words)];
      expect(Buffer.from(profiled).equals(plain)).toBe(true);
    },
  );

  it('is applied where it is none of sRGB', async () => {
    const [plain, profiled] = [await answer(null, 'f_png'), await answer(spaces.p3, 'f_png')];
    expect(Buffer.from(profiled).equals(plain)).toBe(false);
  });

  it('is kept where it is asked for', async () => {
    const bytes = await answer(nearlySrgb, 'cs_keep,f_png');
    expect((await sharp(bytes).metadata()).icc?.equals(rgbProfile(nearlySrgb))).toBe(true);
  });
});

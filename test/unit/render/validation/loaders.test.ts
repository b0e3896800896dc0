import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { allowSvgLoader, assertLoaders, assertVersions } from '../../../../src/render/sharp-setup.ts';
import { fixtureBytes, fixturePath } from '../../../support/photo.ts';

const folder = mkdtempSync(join(tmpdir(), 'tintype-loaders-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('Threat B5: only the decoders we need are there', () => {
  it.each([
    ['scene.jpg', 'jpeg'],
    ['scene.png', 'png'],
    ['still.gif', 'gif'],
    ['still.webp', 'webp'],
    ['still.avif', 'heif'],
    ['still.tiff', 'tiff'],
  ])('%s opens by its path, and not from memory', async (name, format) => {
    expect(await sharp(fixturePath(name)).metadata()).toMatchObject({ format });
    await expect(sharp(fixtureBytes(name)).metadata()).rejects.toThrow('unsupported image format');
  });

  it('raw pixels are no file and go on working', async () => {
    const raw = { width: 2, height: 2, channels: 3 } as const;
    expect(await sharp(Buffer.alloc(12), { raw }).png().toBuffer()).toHaveProperty('length');
  });

  it.each([
    ['a matrix', 'a.mat', '1 1\n0\n'],
    ['a table', 'a.csv', '1,2\n3,4\n'],
    ['a PPM', 'a.ppm', 'P6\n1 1\n255\n\0\0\0'],
    ['an SVG', 'a.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
  ])('%s does not open', async (_, name, text) => {
    writeFileSync(join(folder, name), text);
    await expect(sharp(join(folder, name)).metadata()).rejects.toThrow('unsupported image format');
  });

  it('the check at start passes, and notices a decoder that is back', async () => {
    await expect(assertLoaders()).resolves.toBeUndefined();
    sharp.unblock({ operation: ['VipsForeignLoadSvgFile'] });
    await expect(assertLoaders()).rejects.toThrow('sharp opened a svg file');
    sharp.block({ operation: ['VipsForeignLoadSvgFile'] });
    await expect(assertLoaders()).resolves.toBeUndefined();
  });

  it('pictures are not cached and take one thread each', () => {
    expect(sharp.cache()).toMatchObject({ memory: { max: 0 }, files: { max: 0 }, items: { max: 0 } });
    expect(sharp.concurrency()).toBe(1);
  });
});

describe('Threat C2: an SVG reads nothing but itself', () => {
  it('draws the same whether the file beside it is there or not, and opens from memory alone', async () => {
    allowSvgLoader();
    const target = join(folder, 'canary.png');
    const links = [target, `file://${target}`, 'canary.png'].map(
      (href) => `<image href="${href}" width="9" height="9"/>`,
    );
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${links.join('')}</svg>`);
    const draw = () => sharp(svg).raw().toBuffer();
    const without = await draw();
    writeFileSync(target, fixtureBytes('scene.png'));
    expect(await draw()).toEqual(without);
    await expect(assertLoaders()).resolves.toBeUndefined();
  });

  it('an external entity is not read', async () => {
    writeFileSync(join(folder, 'secret'), 'canary');
    const entity = `<!DOCTYPE svg [<!ENTITY x SYSTEM "file://${join(folder, 'secret')}">]>`;
    const svg = Buffer.from(
      `${entity}<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>`,
    );
    await expect(sharp(svg).raw().toBuffer()).rejects.toThrow('not defined');
  });
});

describe('Threats M1 and M2: old decoders do not start', () => {
  const sound = { vips: '8.18.3', heif: '1.22.0', webp: '1.3.2' };

  it('the ones that are here are new enough', () => {
    expect(() => assertVersions(sharp.versions)).not.toThrow();
    expect(() => assertVersions({ vips: '8.18.10', heif: '2.0.0', webp: '1.4.0' })).not.toThrow();
  });

  it.each([
    ['vips', '8.18.2'],
    ['vips', '8.9.9'],
    ['heif', '1.21.9'],
    ['webp', '1.3.1'],
  ])('%s %s is refused', (library, version) => {
    expect(() => assertVersions({ ...sound, [library]: version })).toThrow(`but received ${version}`);
  });

  it("a system's libvips, which does not say what is in it, is refused", () => {
    expect(() => assertVersions({ vips: '8.18.7' })).toThrow(
      'Expected heif 1.22 or newer inside sharp but received none',
    );
  });
});

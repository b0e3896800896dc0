import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectGolden } from '../../support/golden.ts';
import { drawSmall, fixtureBytes } from '../../support/photo.ts';

describe('a golden', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'golden-test-'));
    vi.stubEnv('UPDATE_GOLDEN', '');
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  async function write(name: string, png: Uint8Array): Promise<void> {
    vi.stubEnv('UPDATE_GOLDEN', '1');
    await expectGolden(name, png, { folder });
    vi.stubEnv('UPDATE_GOLDEN', '');
  }

  it('that is missing fails and is not written', async () => {
    const png = await drawSmall(8, 8);
    await expect(expectGolden('new', png, { folder })).rejects.toThrow('There is no such golden');
    expect(existsSync(join(folder, 'new.png'))).toBe(false);
  });

  it('is written by UPDATE_GOLDEN=1, folders included, and then holds', async () => {
    const png = await drawSmall(8, 8);
    await write('scene/w_8,h_8,c_fill', png);
    expect(readFileSync(join(folder, 'scene/w_8,h_8,c_fill.png'))).toEqual(png);
    await expectGolden('scene/w_8,h_8,c_fill', png, { folder });
  });

  it('fails for another size, another hue, a slight blur, and names both files', async () => {
    const scene = fixtureBytes('scene.png');
    await write('scene', scene);
    const cases = [
      [sharp(scene).resize(479, 320, { fit: 'fill' }), 'Expected 480×320 but received 479×320'],
      [sharp(scene).modulate({ hue: 2 }), 'Expected colours within 0.5'],
      [sharp(scene).blur(0.7), 'Expected a structure of at least 0.998'],
      [sharp(scene).jpeg({ quality: 100 }), 'Expected a PNG but received jpeg'],
    ] as const;
    for (const [image, sentence] of cases) {
      const actual = await image.toBuffer();
      const failure = await expectGolden('scene', actual, { folder }).catch((error: unknown) => String(error));
      expect(failure).toContain(sentence);
      expect(failure).toContain(join(folder, 'scene.png'));
      const kept = /actual: (.+)$/m.exec(String(failure))?.[1] ?? '';
      expect(readFileSync(kept)).toEqual(actual);
    }
  });

  it('forgives what it is told to forgive', async () => {
    const scene = fixtureBytes('scene.png');
    await write('scene', scene);
    const blurred = await sharp(scene).blur(0.7).toBuffer();
    await expectGolden('scene', blurred, { folder, structure: 0.97, colour: 3 });
    await expect(expectGolden('scene', blurred, { folder, structure: 0.97 })).rejects.toThrow(
      'Expected colours within 0.5',
    );
  });

  it('is replaced by UPDATE_GOLDEN=1 only if the picture is another', async () => {
    const first = await drawSmall(32, 32);
    await write('picture', first);
    const sameMadeOtherwise = await sharp(first).png({ compressionLevel: 0 }).toBuffer();
    await write('picture', sameMadeOtherwise);
    expect(readFileSync(join(folder, 'picture.png'))).toEqual(first);
    const other = await drawSmall(32, 32, { pixel: () => [1, 2, 3] });
    await write('picture', other);
    expect(readFileSync(join(folder, 'picture.png'))).toEqual(other);
  });

  it.each(['../escape', 'a//b', '', '.hidden', 'a/../b', '/etc/x', 'a b'])('is not called %j', async (name) => {
    await expect(expectGolden(name, await drawSmall(2, 2), { folder })).rejects.toThrow(TypeError);
  });
});

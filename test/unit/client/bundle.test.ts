import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const client = fileURLToPath(new URL('../../../src/client/', import.meta.url));

/** What a page would load that says this, as a bundler for browsers makes it; fails where Node is needed. */
async function bundled(contents: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: client },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  return { bytes: gzipSync(output?.contents ?? '', { level: 9 }).byteLength, inputs: Object.keys(metafile.inputs) };
}

const everything = 'url, srcset, picture, placeholder, text, idOf';

describe('The client in a page', () => {
  it.each([
    ['url', 3000],
    ['url, srcset', 3000],
    [everything, 5500],
  ])('weighs, with %s, no more than %i bytes gzipped', async (names, most) => {
    const { bytes } = await bundled(`import { ${names} } from './index.ts'; globalThis.used = [${names}];`);
    expect(bytes).toBeLessThanOrEqual(most);
  });

  it.each(['next.ts', 'next-loader.ts', 'unpic.ts', 'nuxt.ts', 'sign-web.ts'])(
    'weighs no more than 3000 bytes gzipped as all of %s',
    async (file) => {
      const { bytes } = await bundled(`import * as all from './${file}'; globalThis.used = all;`);
      expect(bytes).toBeLessThanOrEqual(3000);
    },
  );

  it('holds nothing but itself, the language and the formats', async () => {
    const { inputs } = await bundled(`import * as all from './index.ts'; globalThis.used = all;`);
    const others = inputs.filter((input) => !/^src\/(client|transform|formats)\/|^<stdin>$/.test(input));
    expect(others).toEqual([]);
  });

  it('cannot sign, since the key is a secret: that takes Node', async () => {
    await expect(bundled(`export * from './sign.ts'`)).rejects.toThrow(/node:crypto/);
  });
});

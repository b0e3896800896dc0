import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { textOf } from './pages.ts';

const block = /```ts\n([\s\S]*?)```/.exec(textOf('docs/client.md'))?.[1] ?? '';
const client = new URL('../../src/client/index.ts', import.meta.url).href;

describe('The page on the client', () => {
  it('shows what its lines really give', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tintype-client-page-'));
    try {
      const program = block
        .replace("'tintype/client'", `'${client}'`)
        .replaceAll(
          /^(.+); \/\/ → (.+)$/gm,
          (_all, code: string, said: string) => `shown.push([${code}, ${JSON.stringify(said)}]);`,
        );
      const file = join(folder, 'page.mts');
      await writeFile(file, `export const shown: (readonly [unknown, string])[] = [];\n${program}`);
      const { shown } = (await import(pathToFileURL(file).href)) as {
        readonly shown: readonly (readonly [unknown, string])[];
      };
      expect(shown.length).toBeGreaterThan(9);
      for (const [given, said] of shown) expect(String(given)).toBe(said);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

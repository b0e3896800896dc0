import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { VariantSpec } from '../../../src/library/variants/spec.ts';
import { openStore } from '../../../src/store/index.ts';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../src/transform/image-path.ts';
import { resolveTransform } from '../../../src/transform/resolve.ts';
import { type Shelves, shelve, stopRenderer } from '../../support/library.ts';
import { solid } from '../../support/tintype.ts';

afterAll(stopRenderer);

async function start(): Promise<Shelves> {
  const scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-obtain-'));
  const node = await shelve(await openStore('memory:', { scratchFolder, scratchBytes: 1e9 }));
  await node.put('cat', await solid('#204060', 400, 300));
  return node;
}

async function specify({ originals, library }: Shelves, words: readonly string[]): Promise<readonly VariantSpec[]> {
  const original = await originals.describe('cat');
  const transforms = words.map((one) =>
    resolveTransform(parseTransform(splitImagePath(`/img/cat/${one}`, '/img/'), new Map()), { accept: null }),
  );
  return Promise.all(transforms.map((transform) => library.specify(original, transform)));
}

it('Several variants are rendered together and kept one by one; what is there already is not made again', async () => {
  const node = await start();
  const specs = await specify(node, ['w_50,f_webp', 'w_50,f_png', 'w_60,f_png']);
  await node.get('cat', 'w_50,f_png');
  const first = await node.variants.obtainAll(specs);
  expect(first.map(({ tier, stored }) => [tier, stored])).toEqual([
    ['render', true],
    ['memory', true],
    ['render', true],
  ]);
  expect(first[0]?.stages).toEqual(first[2]?.stages);
  const again = await node.variants.obtainAll(specs);
  expect(again.map(({ tier }) => tier)).toEqual(['memory', 'memory', 'memory']);
  expect(again.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toEqual(
    first.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
  );
});

it('Who asks for one of several while they are being made gets the same rendering', async () => {
  const node = await start();
  const specs = await specify(node, ['w_50,f_webp', 'w_50,f_png']);
  const [both, one, twice] = await Promise.all([
    node.variants.obtainAll(specs),
    node.get('cat', 'w_50,f_png'),
    node.variants.obtainAll([...specs, ...specs]),
  ]);
  const renders = [...both, one, ...twice].filter(({ tier, collapsed }) => tier === 'render' && !collapsed);
  expect(renders).toHaveLength(2);
});

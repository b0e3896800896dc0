import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { planRender } from '../../src/render/planning/plan.ts';
import type { SourceFacts } from '../../src/render/source-facts.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { layerIds } from '../../src/transform/layers.ts';
import { type Key, keys, parameters } from '../../src/transform/params/index.ts';
import { builtInPresets, readPresets } from '../../src/transform/presets.ts';
import { resolveTransform } from '../../src/transform/resolve.ts';
import { fixtureBytes, fixturePath } from '../support/photo.ts';
import { type FocalPoint, factsOf } from '../support/rendering.ts';
import { header, type Running, startTintype } from '../support/tintype.ts';

/** Legal URLs at random over HTTP: each is exactly as large as planned, or refused as documented; never anything else. */

const count = process.env['TINTYPE_LONG'] === '1' ? 10_000 : 1000;

const originals: readonly (readonly [id: string, file: string, focal: FocalPoint])[] = [
  ['scene', 'scene.jpg', [0.69, 0.36]],
  ['phone', 'orientation/6.jpg', null],
  ['flipped', 'orientation/7.jpg', [0.1, 0.9]],
  ['logo', 'alpha.png', null],
  ['grey', 'grey16.png', null],
  ['turned', 'orientation/5.avif', null],
  ['ink', 'cmyk.jpg', null],
  ['still', 'still.gif', null],
  ['moving', 'animated.gif', null],
  ['document', 'pages.tiff', null],
];

/** Low, so that what is too large is refused instead of rendered. */
const limits = { maxOutput: 1_000_000, maxFrames: 256 };
const presets = readPresets(builtInPresets);

let server: Running;
const facts = new Map<string, SourceFacts>();

beforeAll(async () => {
  server = await startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_WORKERS: 'none', TINTYPE_MAX_OUTPUT: '1MP' });
  for (const [id, file, focal] of originals) {
    facts.set(id, await factsOf(fixturePath(file)));
    const query = focal === null ? '' : `?focal=${focal.join(',')}`;
    expect((await server.put(id + query, new Uint8Array(fixtureBytes(file)))).status).toBe(201);
  }
});
afterAll(() => server.close());

const pixels = fc.integer({ min: 1, max: 300 });
/** Sizes small pictures have; the catalogue's own samples reach the limits. */
const small: Readonly<Partial<Record<Key, fc.Arbitrary<string>>>> = {
  w: fc.oneof({ weight: 4, arbitrary: pixels.map(String) }, fc.constantFrom('0.5', '1.0', '0.0101', '2.0', '8192')),
  h: fc.oneof({ weight: 4, arbitrary: pixels.map(String) }, fc.constantFrom('0.25', '1.5', '1', '8192')),
  a: fc.oneof(fc.integer({ min: -359, max: 359 }).map(String), fc.constantFrom(...parameters.a.samples)),
  x: fc.oneof(fc.integer({ min: -60, max: 200 }).map(String), fc.constantFrom(...parameters.x.samples)),
  y: fc.oneof(fc.integer({ min: -60, max: 200 }).map(String), fc.constantFrom(...parameters.y.samples)),
  z: fc.constantFrom('0.5', '1', '1.3', '2.75'),
  r: fc.oneof(fc.integer({ min: 0, max: 200 }).map(String), fc.constantFrom(...parameters.r.samples)),
  // Encoding is not what is tried here, and AVIF takes ten times as long as the rest.
  f: fc.constantFrom('jpg', 'png', 'webp', 'png', 'jpg', 'webp', 'png', 'gif', 'tiff', 'avif', 'auto'),
};
/** Words without which others cannot stand. */
const often: readonly Key[] = ['w', 'h', 'c', 'c', 'g', 'a', 'w', 'h'];
const skipped: ReadonlySet<Key> = new Set(['t', 'v', 'd', 'exp']);
const word = fc.constantFrom(...often, ...keys.filter((key) => !skipped.has(key))).chain((key) =>
  (small[key] ?? fc.constantFrom(...parameters[key].samples.filter((sample) => sample !== 'orig'))).map((value) => ({
    key,
    text: `${key}_${encodeURIComponent(value).replaceAll('%3A', ':')}`,
  })),
);
const component = fc.uniqueArray(word, { minLength: 1, maxLength: 6, selector: ({ key }) => key });
const url = fc
  .tuple(
    fc.constantFrom(...originals.map(([id]) => id)),
    fc.array(component, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '', '/thumb'),
  )
  .map(([id, all, end]) => `/img/${id}/${all.map((words) => words.map(({ text }) => text).join(',')).join('/')}${end}`);

/** What our own documents promise for a URL: a size, or the refusal's status. */
function promised(path: string): { readonly size: readonly [number, number] } | { readonly status: number } {
  try {
    const split = splitImagePath(path, '/img/');
    const asked = parseTransform(split, presets);
    const source = facts.get(split.id);
    if (source === undefined) throw new Error(`Expected facts of ${split.id}`);
    const focalPoint = originals.find(([id]) => id === split.id)?.[2] ?? null;
    const layers = layerIds(asked.components).flatMap((id) => {
      const known = facts.get(id);
      return known === undefined ? [] : [{ id, version: id, facts: known, focalPoint: null }];
    });
    const plan = planRender(resolveTransform(asked, { accept: null }), { facts: source, focalPoint }, limits, layers);
    // How large a text or a trimmed layer is, pixels alone tell, and so a limit on it.
    const isSure = !plan.steps.some((step) => step.kind === 'overlay' && 'rest' in step.layer);
    return { size: isSure ? [plan.width, plan.height] : [0, 0] };
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.kind === 'bad-words') return { status: 400 };
    if (thrown instanceof Failure && ['over-limit', 'unfit-words', 'missing-layer'].includes(thrown.kind))
      return { status: 422 };
    throw thrown;
  }
}

async function sizeIn(answer: Response): Promise<readonly [number, number]> {
  const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  return [width, height];
}

it(`${count} random URLs give exactly the planned size or the documented refusal`, { timeout: 900_000 }, async () => {
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(url, async (path) => {
      const promise = promised(path);
      const answer = await server.get(path);
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if ('status' in promise) {
        expect([path, answer.status]).toEqual([path, promise.status]);
      } else if (promise.size[0] === 0) {
        // Trimming is told by pixels alone, and so is a limit behind it.
        expect([200, 422]).toContain(answer.status);
      } else {
        expect([path, answer.status]).toEqual([path, 200]);
        const isText = header(answer, 'content-type').startsWith('text/');
        if (!isText) expect([path, ...(await sizeIn(answer))]).toEqual([path, ...promise.size]);
      }
    }),
    { numRuns: count },
  );
  expect(server.reports).toEqual([]);
  // The net is wide enough: pictures, contradictions and limits were all met.
  expect(seen.get(200) ?? 0).toBeGreaterThan(count / 8);
  expect(seen.get(400) ?? 0).toBeGreaterThan(0);
  expect(seen.get(422) ?? 0).toBeGreaterThan(0);
});

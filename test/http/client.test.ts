import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Picture, picture, placeholder, srcset, text, url } from '../../src/client/index.ts';
import { signer } from '../../src/client/sign.ts';
import { keys } from '../access/signing.ts';
import { fixtureBytes } from '../support/photo.ts';
import { type Running, startTintype } from '../support/tintype.ts';

/** What the client prints, asked of a server. */

const pictures = {
  scene: 'scene.jpg',
  phone: 'orientation/6.jpg',
  logo: 'alpha.png',
  moving: 'animated.gif',
  page: 'pages.tiff',
};

let server: Running;
let signing: Running;

beforeAll(async () => {
  const environment = { TINTYPE_STORE: 'memory:', TINTYPE_WORKERS: 'none' };
  server = await startTintype(environment);
  signing = await startTintype({ ...environment, TINTYPE_SIGNING_KEYS: keys[0] });
  for (const [id, file] of Object.entries(pictures)) {
    for (const each of [server, signing]) await each.put(id, new Uint8Array(fixtureBytes(file)));
  }
});
afterAll(() => Promise.all([server.close(), signing.close()]));

async function factsOf(id: string): Promise<Picture> {
  const answer = await server.get(`/info/${id}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Picture;
}

async function answerTo(path: string, from = server) {
  const answer = await from.get(path);
  expect(`${path} ${answer.status}`).toBe(`${path} 200`);
  const { format, width, height, pages = 1 } = await sharp(new Uint8Array(await answer.arrayBuffer())).metadata();
  return { format, width, height, pages, lifetime: answer.headers.get('cache-control') };
}

const candidatesIn = (set: string) =>
  set.split(', ').map((one) => one.split(' ') as [path: string, descriptor: string]);

describe('A picture as the client describes it', () => {
  it.each(Object.keys(pictures))('is what the server answers: %s', async (id) => {
    const facts = await factsOf(id);
    const { sources, img } = picture(facts, {}, { widths: [16, 50, 100, 10_000] });
    for (const { type, srcset: set } of [...sources, { type: null, srcset: img.srcset }]) {
      for (const [path, descriptor] of candidatesIn(set)) {
        const { width, format, lifetime } = await answerTo(path);
        expect(`${width}w`).toBe(descriptor);
        if (type !== null) expect(type).toBe(format === 'heif' ? 'image/avif' : `image/${format}`);
        expect(lifetime).toContain('immutable');
      }
    }
    const widest = await answerTo(candidatesIn(img.srcset).at(-1)?.[0] ?? '');
    expect(img).toMatchObject({ width: widest.width, height: widest.height });
    expect((await answerTo(img.src)).width).toBeGreaterThan(0);
  });

  it('stays an animation in every format', async () => {
    const { sources, img } = picture(await factsOf('moving'), { w: 20 }, { widths: [20] });
    const all = [...sources.map((source) => source.srcset), img.srcset].flatMap(candidatesIn);
    for (const [path] of all) expect((await answerTo(path)).pages).toBeGreaterThan(1);
  });

  it('keeps what is see-through', async () => {
    const { img } = picture(await factsOf('logo'));
    expect((await answerTo(img.src)).format).toBe('png');
  });

  it('has the format of its own where nobody says one', async () => {
    for (const [id, expected] of [
      ['scene', 'jpeg'],
      ['logo', 'png'],
      ['moving', 'gif'],
      ['page', 'jpeg'],
    ] as const) {
      const facts = await factsOf(id);
      const [plain, named] = [await answerTo(`/img/${id}`), await answerTo(url(facts))];
      expect([plain.format, named.format]).toEqual([expected, expected]);
    }
  });

  it.each<readonly [w: number, h: number]>([
    [300, 100],
    [100, 200],
  ])('is cut to %i × %i at every width, and never enlarged', async (w, h) => {
    const facts = await factsOf('scene');
    for (const [path, descriptor] of candidatesIn(srcset(facts, { w, h, c: 'fill', f: 'png' }))) {
      const { width, height } = await answerTo(path);
      expect(`${width}w`).toBe(descriptor);
      expect(Math.abs((width * h) / w - height)).toBeLessThanOrEqual(0.5);
      expect(height).toBeLessThanOrEqual(facts.height ?? 0);
    }
  });

  it('is counted from its other side when it is turned', async () => {
    const facts = await factsOf('scene');
    for (const [path, descriptor] of candidatesIn(srcset(facts, { a: 90, f: 'png' }))) {
      expect(`${(await answerTo(path)).width}w`).toBe(descriptor);
    }
  });

  it('may have layers, a crop before and densities', async () => {
    const label = text({ font: 'DejaVu Sans', size: 12, text: 'Größe: 5, 6/7 %' });
    const facts = await factsOf('scene');
    const labelled = srcset(
      facts,
      [
        { c: 'crop', w: 100, h: 80, x: 2, y: 2 },
        { l: label, g: 'south' },
      ],
      { widths: [40, 80] },
    );
    for (const [path, descriptor] of candidatesIn(labelled)) {
      expect(`${(await answerTo(path)).width}w`).toBe(descriptor);
    }
    const dense = candidatesIn(srcset(facts, { w: 60, f: 'webp' }, { densities: [3, 1, 2, 50] }));
    expect(dense.map(([, descriptor]) => descriptor)).toEqual(['1x', '2x', '3x']);
    for (const [path, descriptor] of dense) {
      expect((await answerTo(path)).width).toBe(60 * Number.parseInt(descriptor, 10));
    }
  });

  it('has a placeholder of few bytes', async () => {
    const facts = await factsOf('scene');
    expect(placeholder(facts)).toMatch(/^data:image\/webp;base64,/);
    expect(await answerTo(placeholder('scene', { ar: '2:1' }))).toMatchObject({
      width: 32,
      height: 16,
      format: 'webp',
    });
  });

  it('is signed where signatures are asked for', async () => {
    const sign = signer(keys[0]);
    const { sources, img } = picture('scene', { h: 50, w: 100 }, { sign, widths: [20, 40] });
    for (const [path] of [...sources.map((source) => source.srcset), img.srcset].flatMap(candidatesIn))
      await answerTo(path, signing);
    expect((await signing.get(url('scene', { w: 100 }))).status).toBe(403);
    expect((await signing.get(sign('/info/scene'))).status).toBe(200);
    const late = url('scene', { w: 20, exp: 1_000_000_000 }, { sign });
    expect((await signing.get(late)).status).toBe(410);
  });
});

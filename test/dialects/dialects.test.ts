import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialectOf, dialects } from '../../src/dialects/index.ts';
import { type Running, sizeOf, solid, startTintype } from '../support/tintype.ts';
import { cloudflare } from './cloudflare.ts';
import { cloudinary } from './cloudinary.ts';
import { imgix } from './imgix.ts';
import { imgproxy } from './imgproxy.ts';
import { ipx } from './ipx.ts';
import { next } from './next.ts';
import type { Example } from './proof.ts';
import { thumbor } from './thumbor.ts';

const proofs = [cloudflare, cloudinary, imgix, imgproxy, ipx, next, thumbor];

/** Where URLs of the examples lead; nothing is fetched from there, since all of it is stored. */
const base = 'http://example.com/';
let server: Running;
let signing: Running;

beforeAll(async () => {
  const names = dialects.map(({ name }) => name).join();
  server = await startTintype({ TINTYPE_DIALECTS: names, TINTYPE_SOURCE: base });
  const keyed = proofs.flatMap(({ name, vectors }) => (vectors === null ? [] : [{ name, key: vectors.key }]));
  signing = await startTintype({
    TINTYPE_DIALECTS: keyed.map(({ name }) => name).join(),
    TINTYPE_DIALECT_KEYS: keyed.map(({ name, key }) => `${name}=${key}`).join(),
    TINTYPE_SOURCE: base,
  });
  const [photo, portrait] = [await solid('#336699', 800, 600, 'jpeg'), await solid('#336699', 400, 600, 'jpeg')];
  const examples = proofs.flatMap((proof): readonly Example[] => proof.examples);
  // Beside those of the examples: what signed URLs name, and a layer.
  const named = ['image', 'sample', 'logo', 'users:1.png'];
  for (const id of new Set([...examples.map(idOf), ...named])) {
    const isTall = examples.some((example) => idOf(example) === id && example.portrait === true);
    for (const each of [server, signing]) expect((await each.put(id, isTall ? portrait : photo)).status).toBe(201);
  }
});
afterAll(async () => {
  await server.close();
  await signing.close();
});

const idOf = ({ id }: Example) => id;
const prefixOf = (name: string) => dialectOf(name)?.prefix ?? '';
const accept = { accept: 'image/webp' };

describe.each(proofs)('$name', ({ name, examples, refused, vectors }) => {
  it.each(examples)('$url', async ({ url, id, words, size, type, alike }) => {
    const answer = await server.get(prefixOf(name) + url, accept);
    const told = answer.status === 200 ? '' : await answer.clone().text();
    expect([answer.status, told]).toEqual([200, '']);
    // One picture: the entity tag is made from the plan.
    const ours = await server.get(['/img', id, ...(words === '' ? [] : [words])].join('/'), accept);
    expect(answer.headers.get('tintype-approximated') !== null).toBe(alike === true);
    if (words !== 'c_limit') {
      expect(answer.headers.get('etag')).toBe(ours.headers.get('etag'));
      expect(answer.headers.get('link')).toBe(ours.headers.get('link'));
      expect(answer.headers.get('link') ?? `</img/${id}>`).toContain(words);
    }
    expect(answer.headers.get('cache-tag')).toContain(`img:${id}`);
    const [width, height, mediaType] = await sizeOf(answer);
    expect([width, height]).toEqual(size);
    if (type !== undefined) expect(mediaType).toBe(`image/${type}`);
  });

  it.each(refused)('%s is a 400 that names %s', async (url, names) => {
    const answer = await server.get(prefixOf(name) + url);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain(names);
  });

  if (vectors === null) return;

  it('answers what its own examples have signed, and nothing else', async () => {
    for (const url of vectors.signed)
      expect([url, (await signing.get(prefixOf(name) + url)).status]).toEqual([url, 200]);
    for (const url of vectors.wrong)
      expect([url, (await signing.get(prefixOf(name) + url)).status]).toEqual([url, 403]);
  });

  it('takes no signature for granted that it has no key for', async () => {
    for (const url of vectors.signed) {
      const answer = await server.get(prefixOf(name) + url);
      expect([url, answer.status]).toEqual([url, 403]);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialectOf, dialects } from '../../src/dialects/index.ts';
import { type Running, sizeOf, solid, startTintype } from '../support/tintype.ts';
import { proofs } from './index.ts';
import { derived, type Example } from './proof.ts';
import { peerUrl, storedAs } from './stored.ts';

/** Where URLs of the examples lead; nothing is fetched from there or from elsewhere, since all of it is stored. */
const environment = {
  TINTYPE_SOURCE: 'http://example.com/',
  TINTYPE_FETCH: '*',
  TINTYPE_PRESETS: JSON.stringify({ sharp: 'e_sharpen', test1: 'w_100', test2: 'q_50', blip: 'w_100', blop: 'q_50' }),
};
let server: Running;
let signing: Running;

const usual = [800, 600] as const;
const signed = proofs.flatMap(({ name, vectors }) => (vectors?.signed ?? []).map((each) => ({ name, ...each })));

async function store(at: Running, pictures: ReadonlyMap<string, readonly [number, number]>): Promise<void> {
  const drawn = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [id, [width, height]] of pictures) {
    const body = drawn.get(`${width}x${height}`) ?? (await solid('#336699', width, height, 'jpeg'));
    drawn.set(`${width}x${height}`, body);
    expect([id, (await at.put(storedAs(id), body)).status]).toEqual([id, 201]);
  }
}

/** Every picture of the tables has one size. */
function picturesOf(examples: readonly Example[]): ReadonlyMap<string, readonly [number, number]> {
  const pictures = new Map<string, readonly [number, number]>();
  for (const { id, source = usual } of examples) {
    expect([id, pictures.get(id) ?? source]).toEqual([id, source]);
    pictures.set(id, source);
  }
  return pictures;
}

beforeAll(async () => {
  const names = dialects.map(({ name }) => name).join();
  server = await startTintype({ TINTYPE_DIALECTS: names, ...environment });
  signing = await startTintype({
    TINTYPE_DIALECTS: [...new Set(signed.map(({ name }) => name))].join(),
    TINTYPE_DIALECT_KEYS: [...new Set(signed.map(({ name, key }) => `${name}=${key}`))].join(),
    ...environment,
  });
  // Beside those of the examples: layers.
  const layers = ['logo', 'badge'].map((id) => [id, usual] as const);
  await store(server, new Map([...picturesOf(proofs.flatMap(({ examples }) => examples)), ...layers]));
  await store(
    signing,
    new Map(signed.filter(({ answer }) => answer !== 400).map(({ name, url }) => [idIn(name, url), usual])),
  );
});
afterAll(async () => {
  await server.close();
  await signing.close();
});

const prefixOf = (name: string) => dialectOf(name)?.prefix ?? '';
const accept = { accept: 'image/webp' };

/** The id of a path, or the URL, that a peer's URL names. */
function idIn(name: string, url: string): string {
  const source = dialectOf(name)?.translate(peerUrl(url)).source;
  if (source === undefined) throw new Error(`Expected a dialect but received ${name}`);
  if (source.kind === 'path') return source.path.replaceAll('/', ':');
  return source.url.startsWith('http://example.com/') ? source.url.slice(19).replaceAll('/', ':') : source.url;
}

it('there is a table for every dialect', () => {
  expect(proofs.map(({ name }) => name)).toEqual(dialects.map(({ name }) => name));
});

describe.each(proofs)('$name', ({ name, examples, refused, vectors }) => {
  it.each(examples)('$url', async ({ url, id, words, size, there, type, alike }) => {
    const answer = await server.get(prefixOf(name) + url, accept);
    const told = answer.status === 200 ? '' : await answer.clone().text();
    expect([answer.status, told]).toEqual([200, '']);
    // One picture: the entity tag is made from the plan.
    const ours = await server.get(['/img', storedAs(id), ...(words === '' ? [] : [words])].join('/'), accept);
    expect(answer.headers.get('tintype-approximated') !== null).toBe(alike === true);
    const etags = [answer.headers.get('etag')];
    // A quality chosen at once may give way to one that was searched for, between one request and the next.
    if (words.includes('q_auto')) etags.push((await server.get(prefixOf(name) + url, accept)).headers.get('etag'));
    expect(etags).toContain(ours.headers.get('etag'));
    expect(answer.headers.get('link')).toBe(ours.headers.get('link'));
    expect(answer.headers.get('link') ?? `</img/${storedAs(id)}>`).toContain(words);
    expect(answer.headers.get('cache-tag')).toContain(`img:${storedAs(id)}`);
    const [width, height, mediaType] = await sizeOf(answer);
    expect([width, height]).toEqual(size);
    if (type !== undefined) expect(mediaType).toBe(`image/${type}`);
    // What is of another size than the page has may not pass for equal.
    if (there !== undefined) expect(alike).toBe(true);
  });

  it.each(refused)('$url is a 400 that names $names', async ({ url, names }) => {
    const answer = await server.get(prefixOf(name) + url);
    expect(answer.status).toBe(400);
    const { mistakes } = (await answer.json()) as { readonly mistakes: readonly { readonly sentence: string }[] };
    expect(mistakes.map(({ sentence }) => sentence).join('\n')).toContain(names);
  });

  it('cites a page for every row that is not derived', () => {
    const rows = [...examples, ...refused, ...(vectors?.signed ?? [])];
    for (const { from } of rows) expect(from).toMatch(/^https:\/\/|^derived$/);
    expect(examples.filter(({ from }) => from !== derived).length).toBeGreaterThan(0);
  });

  if (vectors === null) return;

  it.each(vectors.signed)('believes the signature of $url', async ({ url, key, answer = 200 }) => {
    const { signing: sealing } = dialectOf(name) ?? {};
    expect(sealing?.signatureOf(peerUrl(url), [key])).toBe('good');
    expect(sealing?.signatureOf(peerUrl(url), [`00${key}`])).toBe('wrong');
    expect((await signing.get(prefixOf(name) + url)).status).toBe(answer);
    // No signature is taken for granted that there is no key for.
    expect((await server.get(prefixOf(name) + url)).status).toBe(403);
  });

  it.each(vectors.wrong)('does not believe %s', async (url) => {
    expect((await signing.get(prefixOf(name) + url)).status).toBe(403);
  });
});

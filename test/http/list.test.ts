import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;
const ids = Array.from({ length: 7 }, (_, index) => `shelf:${index}`);

beforeAll(async () => {
  server = await startTintype();
  const picture = await solid('#336699');
  for (const [index, id] of ids.entries()) {
    const tags = index % 2 === 0 ? 'even,all' : 'odd,all';
    await server.send('PUT', `/originals/${id}?tags=${tags}`, { body: picture, headers: withToken });
  }
  await server.put('other', picture);
});
afterAll(() => server.close());

interface Page {
  readonly originals: readonly { readonly id: string }[];
  readonly cursor: string | null;
}

async function page(query: string): Promise<{ readonly ids: readonly string[]; readonly cursor: string | null }> {
  const answer = await server.get(`/originals${query}`, withToken);
  expect(answer.status, query).toBe(200);
  const { originals, cursor } = (await answer.json()) as Page;
  return { ids: originals.map(({ id }) => id), cursor };
}

async function everything(query: string): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const next = await page(`${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
    found.push(...next.ids);
    cursor = next.cursor;
  } while (cursor !== null);
  return found;
}

describe('GET /originals', () => {
  it('lists all, newest first, page by page', async () => {
    const newest = ['other', ...ids.toReversed()];
    expect((await page('')).ids).toEqual(newest);
    expect(await everything('?limit=3')).toEqual(newest);
  });

  it('finds by the beginning of an id, sorted by id', async () => {
    expect(await everything('?prefix=shelf:&limit=2')).toEqual(ids);
    expect((await page('?prefix=nothing')).ids).toEqual([]);
  });

  it('finds by tag, newest first, and follows when tags change', async () => {
    expect(await everything('?tag=even&limit=2')).toEqual(['shelf:6', 'shelf:4', 'shelf:2', 'shelf:0']);
    await server.send('PUT', '/originals/shelf:2?tags=odd', { body: await solid('#336699'), headers: withToken });
    expect((await page('?tag=even')).ids).toEqual(['shelf:6', 'shelf:4', 'shelf:0']);
    expect((await page('?tag=odd')).ids).toEqual(['shelf:5', 'shelf:3', 'shelf:2', 'shelf:1']);
  });

  it('finds what came since a time or an age', async () => {
    expect((await page('?since=7d')).ids).toHaveLength(8);
    expect((await page('?since=2020-01-01T00:00:00Z')).ids).toHaveLength(8);
    expect((await page('?since=2999-01-01')).ids).toEqual([]);
  });

  it('does not list what was deleted', async () => {
    await server.send('DELETE', '/originals/other', { headers: withToken });
    expect((await page('')).ids).not.toContain('other');
  });

  it('skips index entries without an original', async () => {
    await server.tintype.store.put('i/n/shelf:ghost', new Uint8Array());
    expect((await page('?prefix=shelf:g')).ids).toEqual([]);
  });

  it.each([
    '?tag=a&prefix=b',
    '?since=7d&tag=a',
    '?limit=0',
    '?limit=1001',
    '?limit=x',
    '?limit=1&limit=2',
    '?cursor=nonsense',
    '?since=yesterday',
    '?since=2020-13-45',
    '?tag=a%20b',
    '?prefix=..%2f',
    '?prefix=',
    '?page=2',
  ])('refuses %s rather than scan or guess', async (query) => {
    expect((await server.get(`/originals${query}`, withToken)).status).toBe(400);
  });
});

describe('POST /sweep', () => {
  it('answers a receipt', async () => {
    const answer = await server.send('POST', '/sweep?dryRun', { headers: withToken });
    expect(await answer.json()).toMatchObject({
      dryRun: true,
      variants: { objects: 0, bytes: 0 },
      originals: {},
      markers: {},
    });
    expect((await server.send('POST', '/sweep?dryRun=maybe', { headers: withToken })).status).toBe(400);
    expect((await server.send('POST', '/sweep')).status).toBe(401);
  });
});

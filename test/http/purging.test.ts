import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cdn, startCdn } from '../support/cdn.ts';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

const picture = await solid('#3366ff', 80, 60);
const replacement = await solid('#ff0000');
let server: Running;
let cdn: Cdn;

beforeAll(async () => {
  cdn = await startCdn();
  server = await startTintype({ TINTYPE_PURGERS: `varnish=${cdn.url}` });
  for (const [id, tags] of [
    ['shop:a', 'new,red'],
    ['shop:b', 'red'],
    ['other', 'new'],
  ]) {
    await server.send('PUT', `/originals/${id}?tags=${tags}`, { headers: withToken, body: picture });
  }
});
afterAll(async () => {
  await server.close();
  await cdn.close();
});

const ids = ['shop:a', 'shop:b', 'other'];
const hit = async (id: string, words: string) =>
  header(await server.get(`/img/${id}/${words}`), 'cache-status').includes('hit');
interface Said {
  readonly bucket: { readonly objects: number };
  readonly scheduled: string;
  readonly cdn: readonly { readonly job: string }[];
}
const receiptOf = async (answer: Response) => (await answer.json()) as Said;
/** Which of them are no hit any more; asking makes them hits again. */
const missing = async (words: string) => {
  const gone: string[] = [];
  for (const id of ids) if (!(await hit(id, words))) gone.push(id);
  return gone;
};
const purge = (body: unknown) => server.send('POST', '/purge', { headers: withToken, body: JSON.stringify(body) });
const told = () => cdn.told.at(-1);

async function ended(location: string): Promise<Record<string, unknown>> {
  for (;;) {
    const job = (await (await server.get(location, withToken)).json()) as Record<string, unknown>;
    if (job['status'] === 'complete' || job['status'] === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('POST /purge', () => {
  beforeEach(async () => {
    cdn.answers(200);
    for (const words of ['w_20,f_png', 'w_30,f_webp', 'thumb']) await missing(words);
    // Answers come before their bytes are stored.
    const stored = async () => (await receiptOf(await purge({ all: true, dryRun: true }))).bucket.objects;
    await expect.poll(stored).toBe(9);
  });

  it.each([
    ['ids', { ids: ['other', 'nobody'] }, ['other'], 'img:other img:nobody'],
    ['a prefix', { prefix: 'shop:' }, ['shop:a', 'shop:b'], 'img:shop:a img:shop:b'],
    ['tags', { tags: ['new'] }, ['shop:a', 'other'], 'img:other img:shop:a new'],
    ['all of them united', { ids: ['other'], prefix: 'shop:a' }, ['shop:a', 'other'], 'img:other img:shop:a'],
  ])('by %s forgets all variants of what is named, and tells the CDN', async (_what, body, gone, keys) => {
    const answer = await purge(body);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      dryRun: false,
      originals: gone.length,
      memory: 3 * gone.length,
      bucket: { objects: 3 * gone.length },
      scheduled: null,
      nodes: 1,
      cdn: [{ name: 'varnish', status: 'ok', keys: keys.split(' ') }],
      errors: [],
    });
    expect(told()).toBe(keys);
    expect(await missing('w_20,f_png')).toEqual(gone);
    expect(await missing('w_30,f_webp')).toEqual(gone);
  });

  it('narrowed to some spellings forgets those alone', async () => {
    const answer = await purge({ ids, variants: ['f_png,w_20'] });
    expect(await answer.json()).toMatchObject({ originals: 3, memory: 3, bucket: { objects: 3 } });
    expect(await missing('w_20,f_png')).toEqual(ids);
    expect(await missing('w_30,f_webp')).toEqual([]);
    expect(told()).toBe('img:shop:a img:shop:b img:other');
  });

  it.each([
    ['a format', { format: 'png' }, 'w_20,f_png', 'w_30,f_webp'],
    ['a width', { widerThan: 25 }, 'w_30,f_webp', 'w_20,f_png'],
    ['both', { format: 'webp', widerThan: 25 }, 'w_30,f_webp', 'w_20,f_png'],
  ])('narrowed to %s forgets what it is true of', async (_what, where, gone, stays) => {
    await purge({ prefix: 'shop:', where });
    expect(await missing(gone)).toEqual(['shop:a', 'shop:b']);
    expect(await missing(stays)).toEqual([]);
  });

  it('narrowed to an age forgets what is older', async () => {
    expect(await (await purge({ ids, where: { olderThan: '1d' } })).json()).toMatchObject({ memory: 0 });
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await (await purge({ ids, where: { olderThan: later } })).json()).toMatchObject({ bucket: { objects: 9 } });
  });

  it('by a preset is a job that forgets what it made of all originals; the CDN forgets at once', async () => {
    const answer = await purge({ presets: ['thumb'] });
    expect(answer.status).toBe(200);
    const { scheduled, cdn: said } = await receiptOf(answer);
    expect(said).toMatchObject([{ status: 'ok', keys: ['t:thumb'] }]);
    const job = await ended(scheduled);
    expect(job).toMatchObject({ status: 'complete', progress: 1, results: [{ originals: 3, memory: 3, errors: [] }] });
    expect(await missing('thumb')).toEqual(ids);
    expect(await missing('w_20,f_png')).toEqual([]);
  });

  it('that only wants to know says what would be forgotten, and forgets nothing', async () => {
    const before = cdn.told.length;
    for (const body of [{ ids }, { ids, where: { format: 'png' } }, { all: true }]) {
      const answer = await receiptOf(await purge({ ...body, dryRun: true }));
      expect(answer).toMatchObject({ dryRun: true, cdn: [{ status: 'dry' }] });
      expect(answer.bucket.objects).toBe('where' in body ? 3 : 9);
    }
    expect(await missing('w_20,f_png')).toEqual([]);
    expect(cdn.told).toHaveLength(before);
  });

  it('softly has the CDN mark stale', async () => {
    const answer = await receiptOf(await purge({ ids: ['other'], soft: true }));
    expect(answer.cdn).toMatchObject([{ soft: true }]);
    expect(told()).toBe('img:other soft');
    expect(await missing('w_20,f_png')).toEqual(['other']);
  });

  it('of everything is seen at once, and its bytes go by a job', async () => {
    const answer = await receiptOf(await purge({ all: true }));
    expect(answer).toMatchObject({ cdn: [{ keys: ['*'], status: 'ok' }], errors: [] });
    expect(await missing('w_20,f_png')).toEqual(ids);
    expect(await ended(answer.scheduled)).toMatchObject({ status: 'complete', results: [{ bucket: { objects: 9 } }] });
    expect(told()).toBe('tintype:every');
  });

  it('whose CDN is silent answers 207 all the same, and a job goes on', async () => {
    cdn.answers('silence');
    const answer = await purge({ ids: ['other'] });
    expect(answer.status).toBe(207);
    const { cdn: said } = await receiptOf(answer);
    expect(said).toMatchObject([{ status: 'retrying', keys: ['img:other'], error: expect.any(String) }]);
    expect(await missing('w_20,f_png')).toEqual(['other']);
    cdn.answers(200);
    expect(await ended(said[0]?.job ?? '')).toMatchObject({ status: 'complete', results: [{ keys: [] }] });
  });

  it.each([
    [{ where: { format: 'png' } }, 'at least one of ids'],
    [{ ids: ['a'], where: {} }, 'format, widerThan or olderThan'],
    [{ ids: ['a'], where: { format: 'bmp' } }, 'where.format'],
    [{ ids: ['a'], where: { widerThan: '9' } }, 'where.widerThan'],
    [{ ids: ['a'], where: { olderThan: 'soon' } }, 'where.olderThan'],
    [{ ids: ['a'], where: { wider: 9 } }, 'Unknown member \\"wider\\"'],
    [{ tags: ['a b'] }, 'Expected tags'],
    [{ prefix: 'a/b' }, 'Expected prefix'],
    [{ presets: ['nobody'] }, 'presets of this server'],
    [{ ids: ['a'], variants: ['w_x'] }, 'for w but received'],
    [{ ids: ['a'], soft: 1 }, 'soft'],
    [{ all: true, where: { format: 'png' } }, '{\\"all\\":true} alone'],
  ])('with the body %j is a 400 that names the mistake', async (body, sentence) => {
    const answer = await purge(body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(sentence);
  });
});

describe('A CDN in front', () => {
  it('may keep unversioned answers for a year', async () => {
    expect(header(await server.get('/img/other/w_20'), 'cache-control')).toContain('s-maxage=31536000');
  });

  it.each([
    ['a new original, for the 404 it clears', 'PUT', '/originals/fresh', picture, 'img:fresh'],
    ['other bytes', 'PUT', '/originals/fresh', replacement, 'img:fresh'],
    ['a new focal point', 'PATCH', '/originals/fresh', '{"focalPoint":[0.1,0.2]}', 'img:fresh'],
    ['a spelling', 'DELETE', '/img/fresh/w_9', undefined, 'img:fresh'],
    ['all of an id', 'PURGE', '/img/fresh', undefined, 'img:fresh'],
    ['a deleted original', 'DELETE', '/originals/fresh', undefined, 'img:fresh'],
  ])('is told of %s before the answer', async (_what, method, path, body, keys) => {
    const before = cdn.told.length;
    await server.send(method, path, { headers: withToken, ...(body === undefined ? {} : { body }) });
    expect(cdn.told.slice(before)).toEqual([keys]);
  });

  it('is not told where nothing changed', async () => {
    const before = cdn.told.length;
    await server.put('other', picture);
    await server.send('PATCH', '/originals/other', { headers: withToken, body: '{"metadata":{"a":1}}' });
    expect(cdn.told).toHaveLength(before);
  });
});

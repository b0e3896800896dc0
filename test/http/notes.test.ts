import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;

beforeAll(async () => {
  server = await startTintype();
  await server.put('cat', await solid('#ff0000'));
});
afterAll(() => server.close());

const patch = (body: unknown, headers: Record<string, string> = {}) =>
  server.send('PATCH', '/originals/cat', { headers: { ...withToken, ...headers }, body: JSON.stringify(body) });
const etag = async (path: string) => header(await server.get(path), 'etag');

describe('PATCH /originals/:id', () => {
  it('says all that can be said of a picture, and the next reader hears it', async () => {
    const notes = {
      tags: ['pet', 'red'],
      focalPoint: [0.25, 0.75],
      boxes: [[0.1, 0.2, 0.3, 0.8]],
      metadata: { title: 'Cat', seen: { times: 3 } },
      lifetime: 7200,
    };
    expect(await (await patch(notes)).json()).toMatchObject(notes);
    expect(await (await server.get('/originals/cat/info', withToken)).json()).toMatchObject(notes);
    const list = await server.get('/originals?tag=pet', withToken);
    expect(await list.json()).toMatchObject({ originals: [{ id: 'cat' }] });
  });

  it('leaves what it does not name as it was, also through a replacement', async () => {
    await patch({ metadata: { title: 'Tom' }, tags: ['tom'] });
    await patch({ tags: [] });
    await server.put('cat', await solid('#00ff00'));
    expect(await (await server.get('/originals/cat/info', withToken)).json()).toMatchObject({
      tags: [],
      metadata: { title: 'Tom' },
    });
  });

  it('names variants anew after a new focal point or lifetime, and only then', async () => {
    await patch({ focalPoint: [0.5, 0.5], lifetime: null });
    const before = await etag('/img/cat/w_9');
    await patch({ metadata: { title: 'Tim' }, tags: ['x'], boxes: [], focalPoint: [0.5, 0.5] });
    expect(await etag('/img/cat/w_9')).toBe(before);
    await patch({ focalPoint: [0.1, 0.5] });
    const focused = await etag('/img/cat/w_9');
    expect(focused).not.toBe(before);
    await patch({ lifetime: 30 });
    expect(await etag('/img/cat/w_9')).not.toBe(focused);
  });

  it('a lifetime is what shared caches are told, but not of a versioned URL', async () => {
    await patch({ lifetime: 30 });
    expect(header(await server.get('/img/cat/w_9'), 'cache-control')).toBe('public, max-age=30, s-maxage=30');
    const { versionedUrl } = (await (await server.get('/originals/cat/info', withToken)).json()) as {
      versionedUrl: string;
    };
    expect(header(await server.get(versionedUrl), 'cache-control')).toContain('immutable');
    await patch({ lifetime: null });
    expect(header(await server.get('/img/cat/w_9'), 'cache-control')).toContain('s-maxage=3600');
  });

  it.each([
    [{}],
    [[]],
    [null],
    [{ color: 'red' }],
    [{ tags: 'a' }],
    [{ tags: [1] }],
    [{ tags: ['ä'] }],
    [{ tags: Array.from({ length: 17 }, (_, at) => `t${at}`) }],
    [{ focalPoint: [0, 1.1] }],
    [{ focalPoint: [0] }],
    [{ boxes: [[0.5, 0, 0.6, 1]] }],
    [{ boxes: [[0, 0, 0, 1]] }],
    [{ boxes: Array.from({ length: 65 }, () => [0, 0, 1, 1]) }],
    [{ metadata: [] }],
    [{ metadata: { long: 'x'.repeat(8192) } }],
    [{ lifetime: -1 }],
    [{ lifetime: 1.5 }],
    [{ lifetime: 31_536_001 }],
  ])('refuses %j', async (body) => {
    const answer = await patch(body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'bad-request' }]);
  });

  it('refuses metadata that is nested too deeply to be shown', async () => {
    const body = `{"metadata":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    const answer = await server.send('PATCH', '/originals/cat', { headers: withToken, body });
    expect(answer.status).toBe(400);
  });

  it('honours If-Match, and knows no id that is not there', async () => {
    const tag = header(await server.get('/originals/cat', withToken), 'etag');
    expect((await patch({ tags: [] }, { 'if-match': tag })).status).toBe(200);
    expect((await patch({ tags: [] }, { 'if-match': '"other"' })).status).toBe(412);
    const nobody = await server.send('PATCH', '/originals/nobody', { headers: withToken, body: '{"tags":[]}' });
    expect(nobody.status).toBe(404);
  });
});

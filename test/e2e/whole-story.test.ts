import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { middle, sizeOf, solid } from '../support/tintype.ts';
import { lastingPlaces } from './support/places.ts';

const places = [
  { name: 'memory:', lasting: false, environment: async () => ({ TINTYPE_STORE: 'memory:' }) },
  ...lastingPlaces.map((place) => ({ ...place, lasting: true })),
];

const authorization = { authorization: `Bearer ${serverToken}` };

/** Everything that works by now, over HTTP against the built server; the same wherever pictures are kept. */
describe.each(places)('On $name a picture', ({ environment, lasting }) => {
  let folder: string;
  let settings: Readonly<Record<string, string>>;
  let server: ServerProcess;
  const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });
  const withToken = (method: string, path: string, body?: string | Uint8Array<ArrayBuffer>) =>
    fetch(server.url + path, { method, headers: authorization, ...(body === undefined ? {} : { body }) });
  const status = async (path: string) => (await get(path)).headers.get('cache-status');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-story-'));
    settings = await environment(folder);
    server = await startServer(settings, folder, built);
  });
  afterAll(async () => {
    await server.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('is stored, and given back byte for byte', async () => {
    const picture = await solid('#ff0000', 800, 600);
    const stored = await withToken('PUT', '/originals/a:picture?tags=first', picture);
    expect(stored.status).toBe(201);
    const back = new Uint8Array(await (await withToken('GET', '/originals/a:picture')).arrayBuffer());
    expect(createHash('sha256').update(back).digest('hex')).toBe(createHash('sha256').update(picture).digest('hex'));
    const part = await fetch(`${server.url}/originals/a:picture`, {
      headers: { ...authorization, range: 'bytes=5-9' },
    });
    expect([part.status, Buffer.from(await part.arrayBuffer()).equals(picture.subarray(5, 10))]).toEqual([206, true]);
  });

  it('is rendered, then hit in memory', async () => {
    const first = await get('/img/a:picture/w_100,f_webp');
    expect(first.headers.get('cache-status')).toContain('fwd=miss');
    expect(await sizeOf(first)).toEqual([100, 75, 'image/webp']);
    expect(await status('/img/a:picture/w_100,f_webp')).toContain('detail=memory');
  });

  it(lasting ? 'outlives a restart with its variants' : 'is gone after a restart', async () => {
    expect(await server.end('SIGTERM')).toBe(0);
    server = await startServer(settings, folder, built);
    const answer = await get('/img/a:picture/w_100,f_webp');
    if (lasting) return expect(answer.headers.get('cache-status')).toContain('detail=bucket');
    expect(answer.status).toBe(404);
    await withToken('PUT', '/originals/a:picture?tags=first', await solid('#ff0000', 800, 600));
    return expect(await status('/img/a:picture/w_100,f_webp')).toContain('fwd=miss');
  });

  it('is found again by list, tag and prefix', async () => {
    for (const query of ['', '?tag=first', '?prefix=a:']) {
      expect(await (await withToken('GET', `/originals${query}`)).json()).toMatchObject({
        originals: expect.arrayContaining([expect.objectContaining({ id: 'a:picture' })]),
      });
    }
    const info = await (await withToken('GET', '/originals/a:picture/info')).json();
    expect(info).toMatchObject({ id: 'a:picture', variants: [{ width: 100, height: 75 }] });
  });

  it('that is replaced is seen by the very next request', async () => {
    expect((await withToken('PUT', '/originals/a:picture', await solid('#0000ff', 800, 600))).status).toBe(200);
    expect(await middle(await get('/img/a:picture/w_100,f_png'))).toBe('#0000ff');
  });

  it('that is purged is rendered anew, alone or with all others', async () => {
    expect(await status('/img/a:picture/w_100,f_png')).toContain('hit');
    expect(await (await withToken('POST', '/purge', '{"ids":["a:picture"]}')).json()).toMatchObject({
      originals: 1,
      errors: [],
    });
    expect(await status('/img/a:picture/w_100,f_png')).toContain('fwd=miss');
    expect((await withToken('POST', '/purge', '{"all":true}')).status).toBe(200);
    expect(await status('/img/a:picture/w_100,f_png')).toContain('fwd=miss');
    expect(await (await withToken('POST', '/sweep')).json()).toMatchObject({ dryRun: false });
    expect(await status('/img/a:picture/w_100,f_png')).toContain('hit');
  });

  it('that is deleted is gone', async () => {
    expect((await withToken('DELETE', '/originals/a:picture')).status).toBe(204);
    expect((await get('/img/a:picture/w_100,f_png')).status).toBe(404);
    expect((await withToken('GET', '/originals/a:picture')).status).toBe(404);
    expect(await (await withToken('GET', '/originals?prefix=a:')).json()).toEqual({ originals: [], cursor: null });
  });

  it('causes no word of trouble in the log', () => {
    expect(server.said()).not.toContain('"level":50');
    expect(server.said()).not.toContain(serverToken);
  });
});

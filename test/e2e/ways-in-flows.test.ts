import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { canary } from '../../fixtures/draw/private.ts';
import { heic } from '../support/heic.ts';
import { fixturePath } from '../support/photo.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { middle, solid } from '../support/tintype.ts';
import { lastingPlaces } from './support/places.ts';

const authorization = { authorization: `Bearer ${serverToken}` };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-flows-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(lastingPlaces)('Into $name a picture comes', ({ environment }) => {
  let server: ServerProcess;
  let picture: Uint8Array<ArrayBuffer>;
  let etag = '"1"';
  const remote = createServer((asked, answer) => {
    answer.setHeader('etag', etag);
    if (asked.url !== '/old/a/cat.png') answer.writeHead(404).end();
    else if (asked.headers['if-none-match'] === etag) answer.writeHead(304).end();
    else answer.end(picture);
  });

  beforeAll(async () => {
    picture = await solid('#ff0000');
    remote.listen(0, '127.0.0.1');
    await once(remote, 'listening');
    const address = remote.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const settings = { TINTYPE_SOURCE: `http://127.0.0.1:${port}/old/`, TINTYPE_SOURCE_FRESH: '0s' };
    const given = { ...(await environment(folder)), ...settings, TINTYPE_HEIC: 'convert', TINTYPE_FETCH: '*' };
    server = await startServer(given, folder, built);
  });
  afterAll(async () => {
    await server.end('SIGTERM');
    remote.close();
    remote.closeAllConnections();
  });

  const ask = async (
    method: string,
    path: string,
    body?: string | FormData | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) => {
    const sent = body === undefined ? {} : { body };
    return fetch(server.url + path, { method, headers: { ...authorization, ...headers }, ...sent });
  };
  const post = (body: unknown) =>
    ask('POST', '/originals', JSON.stringify(body), { 'content-type': 'application/json' });
  const stored = async (id: string) => Buffer.from(await (await ask('GET', `/originals/${id}`)).arrayBuffer());

  it('by a form', async () => {
    const form = new FormData();
    form.set('file', new Blob([await solid('#00ff00')]), 'a.png');
    form.set('id', 'form');
    form.set('tags', 'web,form');
    const answer = await ask('POST', '/originals', form);
    expect([answer.status, await answer.json()]).toMatchObject([201, { id: 'form', tags: ['web', 'form'] }]);
    expect(await middle(await ask('GET', '/img/form/f_png'))).toBe('#00ff00');
  });

  it('by a data: URL, and goes out by one', async () => {
    const dataUrl = `data:image/png;base64,${Buffer.from(await solid('#0000ff')).toString('base64')}`;
    expect((await post({ dataUrl, id: 'data' })).status).toBe(201);
    expect(await (await ask('GET', '/originals/data?encoding=data-url')).text()).toBe(dataUrl);
  });

  it('by its URL only from where it may be fetched', async () => {
    const answer = await post({ url: 'http://127.0.0.1/cat.png' });
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'forbidden' }]);
  });

  it('without what it says, told so', async () => {
    const body = new Uint8Array(await readFile(fixturePath('private.jpg')));
    const answer = await ask('PUT', '/originals/strip?sanitize=strip', body);
    expect([answer.status, await answer.json()]).toMatchObject([201, { removed: expect.arrayContaining(['gps']) }]);
    expect((await stored('strip')).includes(canary)).toBe(false);
  });

  it('as WebP', async () => {
    const body = new Uint8Array(await readFile(fixturePath('private.png')));
    expect((await ask('PUT', '/originals/webp?sanitize=webp', body)).status).toBe(201);
    expect(await sharp(await stored('webp')).metadata()).toMatchObject({ format: 'webp' });
  });

  it('from a phone as HEIC, and is a JPEG', async () => {
    expect(await (await ask('PUT', '/originals/phone', heic)).json()).toMatchObject({ format: 'jpg', width: 64 });
    expect(await sharp(await stored('phone')).metadata()).toMatchObject({ format: 'jpeg', width: 64 });
  });

  it('and is told more by PATCH: a new focal point is a new picture', async () => {
    const body = await sharp(fixturePath('scene.png')).resize(300, 100, { fit: 'fill' }).png().toBuffer();
    await ask('PUT', '/originals/patch', new Uint8Array(body));
    const cut = async () => (await ask('GET', '/img/patch/c_fill,g_custom,h_50,w_50,f_png')).arrayBuffer();
    const before = Buffer.from(await cut());
    const notes = { tags: ['a'], focalPoint: [0, 0.5], boxes: [[0, 0, 0.5, 1]], metadata: { by: 'me' }, lifetime: 60 };
    expect(await (await ask('PATCH', '/originals/patch', JSON.stringify(notes))).json()).toMatchObject(notes);
    expect(Buffer.from(await cut()).equals(before)).toBe(false);
    expect(await (await ask('GET', '/originals/patch/info')).json()).toMatchObject(notes);
  });

  it('from another server, copied, and is seen when it is replaced there', async () => {
    const colour = async () => middle(await ask('GET', '/img/a:cat.png/f_png'));
    expect(await colour()).toBe('#ff0000');
    [picture, etag] = [await solid('#0000ff'), '"2"'];
    await vi.waitFor(async () => expect(await colour()).toBe('#0000ff'), { timeout: 20_000, interval: 50 });
    expect((await ask('GET', '/img/a:nobody.png')).status).toBe(404);
  });
});

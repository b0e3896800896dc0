import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tintypeOnPort } from '../support/listening.ts';
import { drawPhoto } from '../support/photo.ts';
import { startRemote } from '../support/remote.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { middle, secret, sizeOf, solid } from '../support/tintype.ts';
import { lastingPlaces } from './support/places.ts';

interface Shown {
  readonly id: string;
  readonly url: string;
  readonly status: string;
  readonly progress: number;
  readonly error: string | null;
  readonly variants: readonly Shown[];
  readonly results: readonly Shown[];
  readonly originals: readonly Shown[];
  readonly cursor: string | null;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly mediaType: string;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: NonNullable<RequestInit['body']> | null;
}

/** A client as people write one: URLs and a token, nothing of ours. */
function clientOf(origin: string, token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const ask = (method: string, path: string, more: Sent = {}) =>
    fetch(origin + path, { redirect: 'manual', ...more, method, headers: { ...headers, ...more.headers } });
  const read = async (method: string, path: string, more: Sent = {}) => {
    const answer = await ask(method, path, more);
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      body: (await answer.json()) as Shown,
    };
  };
  const json = (value: unknown) => ({
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  });
  return {
    ask,
    read,
    postJson: (path: string, value: unknown) => read('POST', path, json(value)),
    ids: async (path: string) => (await read('GET', path)).body.originals.map(({ id }) => id),
    /** Asks until a job has ended; the test's own limit is the end of it. */
    poll: async (path: string) => {
      const seen: Shown[] = [];
      for (;;) {
        const { body } = await read('GET', path);
        seen.push(body);
        if (body.status === 'complete' || body.status === 'failed') return { job: body, seen };
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

const drawn = async (seed: number) => new Uint8Array(await drawPhoto(300, 200, { seed }));

const presets = ['thumb', 'medium', 'large'];
const sides = { thumb: [150, 113], medium: [800, 600], large: [1920, 1440] } as const;

describe.each(lastingPlaces)('On $name', ({ environment }) => {
  let folder: string;
  let photo: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-seeds-'));
    photo = new Uint8Array(await drawPhoto(2400, 1800));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A server on a new, empty place, and how to start it again with other settings. */
  async function open(name: string) {
    const own = await environment(join(folder, name));
    let server: ServerProcess | null = null;
    const start = async (settings: Readonly<Record<string, string>> = {}) => {
      await server?.end('SIGTERM');
      server = await startServer({ ...own, ...settings }, folder, built);
      return clientOf(server.url, serverToken);
    };
    return { start, end: async () => void (await server?.end('SIGTERM')) };
  }

  describe('the upload pipeline', () => {
    let place: Awaited<ReturnType<typeof open>>;
    let client: ReturnType<typeof clientOf>;
    beforeAll(async () => {
      place = await open('pipeline');
      client = await place.start();
    });
    afterAll(() => place.end());

    it('answers an upload with its thumbnail, medium and large, each ready to be shown', async () => {
      const { status, body } = await client.read('PUT', `/originals/photo?eager=${presets.join(';')}`, { body: photo });
      expect(status).toBe(201);
      expect(body).toMatchObject({ id: 'photo', width: 2400, height: 1800, bytes: photo.byteLength });
      expect(body.variants.map(({ name, width, height, error }) => [name, [width, height], error])).toEqual(
        Object.entries(sides).map(([name, size]) => [name, size, null]),
      );
      for (const { url, width, height, bytes, mediaType } of body.variants) {
        const answer = await client.ask('GET', url);
        expect(answer.headers.get('cache-status')).toContain('hit');
        expect(Number(answer.headers.get('content-length'))).toBe(bytes);
        expect(await sizeOf(answer)).toEqual([width, height, mediaType]);
      }
    });

    it('finds each by the name of its preset, and lists what is stored', async () => {
      for (const name of presets) {
        const { status, headers } = await client.ask('GET', `/originals/photo/variants/${name}`);
        expect([status, headers.get('location')]).toEqual([302, `/img/photo/${name}/photo.webp`]);
      }
      const { body } = await client.read('GET', '/originals/photo/info');
      const widths = body.variants.map(({ width }) => width).toSorted((a, b) => a - b);
      expect(widths).toEqual([150, 800, 1920]);
    });

    it('does the same in the background, polled to its end', async () => {
      const { status, location, body } = await client.read('PUT', `/originals/later?eager=${presets.join(';')}`, {
        body: photo,
        headers: { prefer: 'respond-async' },
      });
      expect([status, body.results]).toEqual([202, []]);
      const { job, seen } = await client.poll(location);
      expect(job).toMatchObject({ id: body.id, status: 'complete', progress: 1, error: null });
      expect(job.results.map(({ name, width }) => [name, width])).toEqual(
        Object.entries(sides).map(([name, [width]]) => [name, width]),
      );
      const rank = ['pending', 'processing', 'complete'];
      expect(
        seen.every(({ status: at }, index) => rank.indexOf(at) >= rank.indexOf(seen[index - 1]?.status ?? at)),
      ).toBe(true);
      expect((await client.ask('GET', job.results[2]?.url ?? '')).headers.get('cache-status')).toContain('hit');
    });

    it('keeps the upload where a variant cannot be made, and says which and why', async () => {
      const { status, body } = await client.read('PUT', '/originals/half?eager=thumb;c_scale,h_8192,w_8192', {
        body: photo,
      });
      expect([status, body.variants.map(({ error }) => error === null)]).toEqual([201, [true, false]]);
      const stored = await client.ask('GET', '/originals/half');
      expect(Buffer.from(await stored.arrayBuffer()).equals(photo)).toBe(true);
    });

    it('warms up what was stored before, with a figure of its progress', async () => {
      const { status, location } = await client.postJson('/jobs', { presets: ['w_77,f_webp'], prefix: 'lat' });
      expect(status).toBe(202);
      expect((await client.poll(location)).job).toMatchObject({
        status: 'complete',
        progress: 1,
        results: [{ originals: 1, variants: 1, failed: 0 }],
      });
      const warm = await client.ask('GET', '/img/later/w_77,f_webp');
      expect(warm.headers.get('cache-status')).toContain('hit');
    });
  });

  it('an avatar is a square around its focal point, replaced at once when a new one comes', async () => {
    const place = await open('avatar');
    const client = await place.start({
      TINTYPE_PRESETS: '{"avatar":"c_fill,ar_1:1,w_256,g_custom,f_webp,fl_lossless"}',
    });
    const send = (picture: Uint8Array<ArrayBuffer>, focal: string) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ id: 'user:7', focal })) body.append(name, value);
      body.append('file', new Blob([picture]), 'me.jpg');
      return client.read('POST', '/originals?eager=avatar', { body });
    };
    const shown = async () => (await client.ask('GET', '/img/user:7/avatar')).arrayBuffer();
    const first = await send(photo, '0.2,0.5');
    expect([first.status, first.body.variants]).toMatchObject([201, [{ name: 'avatar', width: 256, height: 256 }]]);
    const before = Buffer.from(await shown());
    const moved = await send(photo, '0.8,0.5');
    expect(moved.status).toBe(200);
    const after = Buffer.from(await shown());
    expect([(await sizeOf(new Response(after))).slice(0, 2), after.equals(before)]).toEqual([[256, 256], false]);
    await send(await solid('#00ff00', 300, 200), '0.5,0.5');
    expect(await middle(await client.ask('GET', '/img/user:7/avatar'))).toBe('#00ff00');
    await place.end();
  });

  it('an image of the web is resized, cropped and stored, and its source is not asked again', async () => {
    const remote = await startRemote((_request, response) => response.end(photo));
    // In this process: a built server would not go to loopback, whatever it is told.
    const allowance = { url: ({ port }: URL) => port === String(remote.port), address: () => true };
    const settings = { ...(await environment(join(folder, 'web'))), TINTYPE_FETCH: 'pictures.example' };
    const server = await tintypeOnPort(settings, {}, { allowance });
    const client = clientOf(`http://127.0.0.1:${server.port}`, secret);
    const transform = 'c_limit,w_800/c_crop,h_300,w_400,x_100,y_50/f_webp';
    const { status, body } = await client.postJson('/originals?eager=thumb', {
      url: `${remote.origin}/cat.jpg`,
      id: 'web:cat',
      transform,
    });
    expect([status, body]).toMatchObject([201, { id: 'web:cat', width: 400, height: 300, mediaType: 'image/webp' }]);
    expect(await sizeOf(await client.ask('GET', '/originals/web:cat'))).toEqual([400, 300, 'image/webp']);
    expect(await sizeOf(await client.ask('GET', body.variants[0]?.url ?? ''))).toEqual([150, 113, 'image/webp']);
    expect(remote.asked).toHaveLength(1);
    await server.close();
    await remote.close();
  });

  describe('the storage manager', () => {
    let place: Awaited<ReturnType<typeof open>>;
    let client: ReturnType<typeof clientOf>;
    const names = ['first', 'second', 'third', 'fourth', 'fifth'];
    let pictures: readonly Uint8Array<ArrayBuffer>[];
    const bytesOf = (from: number) => pictures.slice(from).reduce((sum, { byteLength }) => sum + byteLength, 0);
    beforeAll(async () => {
      place = await open('manager');
      client = await place.start();
      // What a folder gets once, to begin with.
      for (const sample of ['sample', 'portrait', 'logo', 'animation'])
        await client.ask('DELETE', `/originals/${sample}`);
      pictures = await Promise.all(names.map((_name, index) => drawn(index + 1)));
      for (const [index, name] of names.entries()) {
        await client.read('PUT', `/originals/${name}?eager=thumb`, { body: pictures[index] ?? null });
      }
    });
    afterAll(() => place.end());

    it('lists by days and the most recent, a page at a time', async () => {
      expect(await client.ids('/originals?since=7d')).toEqual(names.toReversed());
      expect(await client.ids(`/originals?since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
      const { body } = await client.read('GET', '/originals?limit=2');
      expect(body.originals.map(({ id }) => id)).toEqual(['fifth', 'fourth']);
      expect(await client.ids(`/originals?limit=3&cursor=${body.cursor}`)).toEqual(['third', 'second', 'first']);
    });

    it('gives a data: URL out and takes it in, byte for byte', async () => {
      const text = await (await client.ask('GET', '/originals/first?encoding=data-url')).text();
      expect(text).toBe(`data:image/jpeg;base64,${Buffer.from(pictures[0] ?? []).toString('base64')}`);
      const { status, body } = await client.postJson('/originals', { dataUrl: text });
      expect([status, body.mediaType]).toEqual([201, 'image/jpeg']);
      const back = await client.ask('GET', `/originals/${body.id}`);
      expect(Buffer.from(await back.arrayBuffer()).equals(pictures[0] ?? Buffer.of())).toBe(true);
      expect((await client.ask('DELETE', `/originals/${body.id}`)).status).toBe(204);
    });

    it('deletes a picture with everything made from it', async () => {
      const { body } = await client.read('PUT', '/originals/gone?eager=thumb', { body: pictures[0] ?? null });
      expect((await client.ask('GET', body.variants[0]?.url ?? '')).status).toBe(200);
      expect((await client.ask('DELETE', '/originals/gone')).status).toBe(204);
      expect((await client.ask('DELETE', '/originals/gone')).status).toBe(404);
      expect((await client.ask('GET', '/originals/gone')).status).toBe(404);
      expect((await client.ask('GET', body.variants[0]?.url ?? '')).status).toBe(404);
      expect(await client.ids('/originals')).toEqual(names.toReversed());
    });

    it('tells statistics as of the last sweep', async () => {
      expect((await client.read('GET', '/stats')).body).toMatchObject({ asOf: null });
      const begun = Date.now();
      await client.read('POST', '/sweep');
      const { body } = await client.read('GET', '/stats');
      expect(body).toMatchObject({
        originals: { count: 5, bytes: bytesOf(0), formats: { jpg: { count: 5, bytes: bytesOf(0) } } },
        variants: { count: 5 },
      });
      const { asOf, originals } = body as unknown as {
        readonly asOf: string;
        readonly originals: { readonly oldest: string; readonly newest: string };
      };
      expect(Date.parse(asOf)).toBeGreaterThanOrEqual(begun);
      expect(originals.oldest < originals.newest).toBe(true);
    });

    it('cleans up by total size, the oldest first, and first says what it would do', async () => {
      client = await place.start({ TINTYPE_RETAIN_SIZE: `${bytesOf(3)}B` });
      const would = (await client.read('POST', '/sweep?dryRun')).body;
      expect(would).toMatchObject({ dryRun: true, expired: { objects: 3 } });
      expect(await client.ids('/originals')).toEqual(names.toReversed());
      expect((await client.read('POST', '/sweep')).body).toEqual({ ...would, dryRun: false });
      expect(await client.ids('/originals')).toEqual(['fifth', 'fourth']);
    });

    it('cleans up by age, as a task of its own every period: what is too old is marked, and stays for a day', async () => {
      client = await place.start({ TINTYPE_RETAIN_AGE: '1s', TINTYPE_SWEEP_EVERY: '1s' });
      const begun = new Date().toISOString();
      const sweptAt = async () => ((await client.read('GET', '/stats')).body as unknown as { asOf: string }).asOf;
      await expect.poll(sweptAt, { timeout: 30_000 }).toSatisfy((asOf: string) => asOf > begun);
      const left = { expired: { objects: 0 }, marked: { objects: 2, bytes: bytesOf(3) }, clock: 'ok' };
      expect((await client.read('POST', '/sweep?dryRun')).body).toMatchObject(left);
      expect(await client.ids('/originals')).toEqual(['fifth', 'fourth']);
    });
  });
});

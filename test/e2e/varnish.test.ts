import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCdn } from '../../src/cdn/verify.ts';
import { serverToken } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';
import { endDaemon, freePort, startDaemon } from './support/daemon.ts';
import { type Behind, keepsOne, keepsOnePerBucket, startBehind } from './support/edge.ts';

const picture = await solid('#22aa66', 400, 300, 'jpeg');
let behind: Behind;
let varnish: Awaited<ReturnType<typeof startDaemon>>;
let edge: string;

beforeAll(async () => {
  edge = `http://127.0.0.1:${await freePort()}`;
  behind = await startBehind({ TINTYPE_PURGERS: `varnish=${edge}`, TINTYPE_NEGATIVE_TTL: '10m' });
  const file = join(behind.folder, 'tintype.vcl');
  await writeFile(file, await behind.configuration('varnish'));
  const listen = edge.slice('http://'.length);
  const words = [
    '-F',
    '-n',
    join(behind.folder, 'varnish'),
    '-a',
    listen,
    '-f',
    file,
    '-s',
    'malloc,64m',
    '-j',
    'none',
  ];
  varnish = await startDaemon('varnishd', words, `${edge}/livez`);
  // Not before: what Varnish was not told would be told by a job, in the middle of a test.
  for (const id of ['cat', 'dog', 'cow']) {
    expect((await behind.origin('PUT', `/originals/${id}?tags=${id === 'cow' ? 'farm' : 'pet'}`, picture)).status).toBe(
      201,
    );
  }
});
afterAll(async () => {
  await endDaemon(varnish);
  await behind.close();
});

async function get(path: string, accept = '*/*') {
  const answer = await fetch(edge + path, { headers: { accept } });
  await answer.arrayBuffer();
  const { headers } = answer;
  return {
    status: answer.status,
    hit: headers.get('cache-status')?.includes('varnish; hit') ?? false,
    type: headers.get('content-type') ?? '',
    etag: headers.get('etag') ?? '',
  };
}

const asked = async (path: string, times: number) => expect(await behind.asked(path)).toMatchObject({ times });

const purge = async (body: unknown) => (await behind.origin('POST', '/purge', JSON.stringify(body))).json();
const told = { cdn: [{ name: 'varnish', status: 'ok' }], errors: [] };

describe('Varnish with the configuration we print', () => {
  it('misses, then hits', async () => {
    expect(await get('/img/cat/w_50')).toMatchObject({ status: 200, hit: false });
    expect(await get('/img/cat/w_50')).toMatchObject({ status: 200, hit: true });
    expect(await get('/img/cat/w_50?utm_source=x')).toMatchObject({ hit: true });
    await asked('/img/cat/w_50', 1);
  });

  it('keeps one object per bucket, whatever twelve clients say they accept', async () => {
    await keepsOnePerBucket(behind, get, '/img/cat/w_60,f_auto');
  });

  it('keeps one object where the answer does not vary', async () => {
    await keepsOne(behind, get, '/img/cat/w_61,f_png');
  });

  it('asks once for fifty who miss at the same time', async () => {
    const path = '/img/cat/w_70,e_blur:300,f_png';
    const all = await Promise.all(Array.from({ length: 50 }, () => get(path)));
    expect(new Set(all.map(({ etag }) => etag)).size).toBe(1);
    expect(await behind.asked(path)).toEqual({ times: 1, renders: 1 });
  });

  it.each([
    ['an id', { ids: ['cat'] }, ['cat'], ['dog', 'cow']],
    ['a tag', { tags: ['pet'] }, ['cat', 'dog'], ['cow']],
    ['a prefix', { prefix: 'co' }, ['cow'], ['cat', 'dog']],
    ['everything', { all: true }, ['cat', 'dog', 'cow'], []],
  ])('forgets all variants of %s by a purge, and no others', async (_what, order, gone, stays) => {
    const paths = (id: string) => [`/img/${id}/w_50`, `/img/${id}/w_51,f_webp/${id}.webp`, `/img/${id}/thumb`];
    for (const path of ['cat', 'dog', 'cow'].flatMap(paths)) await get(path);
    expect(await purge(order)).toMatchObject(told);
    for (const path of gone.flatMap(paths)) expect(await get(path), path).toMatchObject({ status: 200, hit: false });
    for (const path of stays.flatMap(paths)) expect(await get(path), path).toMatchObject({ status: 200, hit: true });
  });

  it('forgets what a preset made, and nothing else', async () => {
    for (const path of ['/img/cat/thumb', '/img/dog/thumb', '/img/cat/w_50']) await get(path);
    expect(await purge({ presets: ['thumb'] })).toMatchObject(told);
    expect((await get('/img/cat/thumb')).hit).toBe(false);
    expect((await get('/img/dog/thumb')).hit).toBe(false);
    expect((await get('/img/cat/w_50')).hit).toBe(true);
  });

  it('shows stale once where it was purged softly, and then what is new', async () => {
    const path = '/img/cat/w_80,f_png';
    const { etag } = await get(path);
    expect(await purge({ ids: ['cat'], soft: true })).toMatchObject({ cdn: [{ soft: true, status: 'ok' }] });
    expect(await get(path)).toMatchObject({ hit: true, etag });
    await expect.poll(async () => (await get(path)).etag).not.toBe(etag);
    await asked(path, 2);
  });

  it('shows the new picture after a PUT, and clears the 404 that was there before', async () => {
    expect(await get('/img/new/w_50,f_png')).toMatchObject({ status: 404 });
    expect(await get('/img/new/w_50,f_png')).toMatchObject({ status: 404, hit: true });
    await behind.origin('PUT', '/originals/new', picture);
    const first = await get('/img/new/w_50,f_png');
    expect(first).toMatchObject({ status: 200, hit: false });
    await behind.origin('PUT', '/originals/new', await solid('#ff0000', 400, 300));
    expect((await get('/img/new/w_50,f_png')).etag).not.toBe(first.etag);
    await behind.origin('DELETE', '/originals/new');
    expect(await get('/img/new/w_50,f_png')).toMatchObject({ status: 404 });
  });

  it('passes on what is no image', async () => {
    expect((await fetch(`${edge}/originals/cat`)).status).toBe(401);
    expect((await fetch(`${edge}/livez`)).headers.get('cache-status') ?? '').not.toContain('hit');
  });

  it('keeps no error of the origin', async () => {
    await behind.origin('PUT', '/originals/broken', await solid('#654321', 90, 90));
    const bytes = join(behind.folder, 'data/o/broken');
    for (const name of await readdir(bytes))
      if (name !== 'current.json') await rm(join(bytes, name), { recursive: true });
    const path = '/img/broken/w_50,f_png';
    expect([await get(path), await get(path)]).toMatchObject([
      { status: 502, hit: false },
      { status: 502, hit: false },
    ]);
    await asked(path, 2);
  });

  it('passes the verification', async () => {
    const options = { origin: behind.server.url, token: serverToken, request: fetch };
    const url = new URL(`${edge}/img/dog/w_95,f_auto/dog.jpg`);
    await get(url.pathname, 'image/avif');
    const findings = await verifyCdn({ ...options, url });
    expect(findings.filter(({ ok }) => ok !== true)).toEqual([]);
  });

  it('keeps no error, and goes on with what it has while the origin is down', async () => {
    await get('/img/cat/w_90,f_png');
    await purge({ ids: ['cat'], soft: true });
    await behind.server.end('SIGKILL');
    const errors = [await get('/img/cat/w_91,f_png'), await get('/img/cat/w_91,f_png')];
    expect(errors).toMatchObject([
      { status: 503, hit: false },
      { status: 503, hit: false },
    ]);
    expect(await get('/img/cat/w_90,f_png')).toMatchObject({ status: 200, hit: true });
    expect(await get('/img/cat/w_90,f_png')).toMatchObject({ status: 200, hit: true });
  });
});

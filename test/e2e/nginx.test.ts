import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solid } from '../support/tintype.ts';
import { endDaemon, freePort, startDaemon } from './support/daemon.ts';
import { type Behind, keepsOne, keepsOnePerBucket, startBehind } from './support/edge.ts';
import { nginxConfiguration } from './support/nginx.ts';

const picture = await solid('#22aa66', 400, 300, 'jpeg');
let behind: Behind;
let nginx: Awaited<ReturnType<typeof startDaemon>>;
let edge: string;

beforeAll(async () => {
  behind = await startBehind({ TINTYPE_PRESETS: '{"hero":"f_auto,w_64"}', TINTYPE_NEGATIVE_TTL: '0s' });
  expect((await behind.origin('PUT', '/originals/cat', picture)).status).toBe(201);
  const port = await freePort();
  edge = `http://127.0.0.1:${port}`;
  const folder = join(behind.folder, 'nginx');
  await mkdir(folder);
  const file = await nginxConfiguration(folder, await behind.configuration('nginx'), port);
  nginx = await startDaemon('nginx', ['-c', file, '-p', folder], `${edge}/livez`);
});
afterAll(async () => {
  await endDaemon(nginx);
  await behind.close();
});

async function get(path: string, accept = '*/*', headers = {}) {
  const answer = await fetch(edge + path, { headers: { accept, ...headers } });
  await answer.arrayBuffer();
  const status = answer.headers.get('cache-status') ?? '';
  return {
    status: answer.status,
    hit: status.includes('nginx; hit'),
    stale: status.includes('detail=stale') || status.includes('detail=updating'),
    type: answer.headers.get('content-type') ?? '',
  };
}

describe('nginx with the configuration we print', () => {
  it('misses, then hits, whatever the query says', async () => {
    expect(await get('/img/cat/w_50')).toMatchObject({ status: 200, hit: false });
    expect(await get('/img/cat/w_50')).toMatchObject({ status: 200, hit: true });
    expect(await get('/img/cat/w_50?utm_source=x')).toMatchObject({ hit: true });
  });

  it.each(['/img/cat/w_60,f_auto', '/img/cat/hero', '/img/cat/t_thumb.hero'])(
    'keeps formats apart under %s, one object per bucket',
    (path) => keepsOnePerBucket(behind, get, path),
  );

  it('keeps one object where the answer does not vary', async () => {
    await keepsOne(behind, get, '/img/cat/w_61,f_png');
  });

  it('passes URLs on as they were sent: an empty segment stays a 400, and a percent-encoded id is decoded once', async () => {
    const raw = async (path: string) => (await get(path)).status;
    const paths = ['/img//cat/w_62', '/img/c%2561t/w_62', '/img/c%61t/w_62', '/img/cat/w_62'];
    expect(await Promise.all(paths.map(raw))).toEqual([400, 404, 200, 200]);
  });

  it('keeps no refusal that says so, and asks once for fifty', async () => {
    expect(await get('/img/nobody/w_50')).toMatchObject({ status: 404, hit: false });
    expect(await get('/img/nobody/w_50')).toMatchObject({ status: 404, hit: false });
    const path = '/img/cat/w_70,e_blur:300,f_png';
    await Promise.all(Array.from({ length: 50 }, () => get(path)));
    expect(await behind.asked(path)).toEqual({ times: 1, renders: 1 });
  });

  it('shows what is stale while the origin is down', async () => {
    await behind.origin('PATCH', '/originals/cat', '{"lifetime":1}');
    expect(await get('/img/cat/w_80,f_png')).toMatchObject({ status: 200, hit: false });
    await behind.server.end('SIGKILL');
    await expect
      .poll(() => get('/img/cat/w_80,f_png'), { timeout: 10_000 })
      .toMatchObject({ status: 200, stale: true });
    expect((await get('/img/cat/w_81,f_png')).status).toBe(502);
  });
});

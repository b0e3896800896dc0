import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { middle, solid } from '../support/tintype.ts';
import { type Fault, FaultProxy, refusal } from './support/fault-proxy.ts';
import { startS3 } from './support/rgw.ts';

/** Longer than a node trusts a record without asking. */
const trustIsOver = 2500;

let folder: string;
let proxy: FaultProxy;
let server: ServerProcess;

beforeAll(async () => {
  const s3 = await startS3();
  proxy = await FaultProxy.start(s3.endpoint);
  folder = await mkdtemp(join(tmpdir(), 'tintype-outage-'));
  const environment = {
    ...s3.env,
    TINTYPE_STORE: `s3://${await s3.bucket()}`,
    TINTYPE_S3_ENDPOINT: proxy.endpoint,
    TINTYPE_S3_FORCE_PATH_STYLE: 'true',
  };
  server = await startServer(environment, folder, built);
});
afterEach(() => proxy.calm());
afterAll(async () => {
  await server.end('SIGKILL');
  await proxy.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => fetch(server.url + path);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function put(id: string, colour: string): Promise<number> {
  const headers = { authorization: `Bearer ${serverToken}` };
  return (await fetch(`${server.url}/originals/${id}`, { method: 'PUT', headers, body: await solid(colour, 64, 64) }))
    .status;
}

const outages: readonly (readonly [name: string, fault: Fault])[] = [
  ['answers nothing', 'hang'],
  ['says 503 SlowDown', refusal(503, 'SlowDown')],
];

it.each(outages)(
  'While S3 %s: hits from memory, misses of pictures at hand, 5xx for the rest, and then all is well',
  async (_name, fault) => {
    const id = `cat${Math.random()}`.replace('.', '-');
    await expect.poll(() => put(id, '#00ff00'), { timeout: 10_000 }).toBe(201);
    expect((await get(`/img/${id}/f_png,w_16`)).status).toBe(200);
    proxy.fault = () => fault;
    await pause(trustIsOver);
    const hit = await get(`/img/${id}/f_png,w_16`);
    expect(hit.headers.get('cache-status')).toBe('tintype; hit; detail=memory');
    const miss = await get(`/img/${id}/f_png,w_17`);
    expect([miss.status, await middle(miss)]).toEqual([200, '#00ff00']);
    const unknown = await get('/img/nobody-knows/w_16');
    expect([502, 504]).toContain(unknown.status);
    expect(unknown.headers.get('cache-control')).toBe('no-store');
    await expect.poll(async () => (await get('/readyz?strict')).status, { timeout: 10_000 }).toBe(503);
    const ready = await get('/readyz');
    expect([ready.status, await ready.json()]).toMatchObject([200, { reasons: [], store: 'unreachable' }]);
    expect([502, 503, 504]).toContain(await put(`new-${id}`, '#0000ff'));
    // A hit does not wait as long as a call to S3 may take.
    const asked = performance.now();
    for (let round = 0; round < 10; round++) expect((await get(`/img/${id}/f_png,w_16`)).status).toBe(200);
    expect(performance.now() - asked).toBeLessThan(5000);

    proxy.calm();
    await expect.poll(() => put(`after-${id}`, '#ff0000'), { timeout: 5000 }).toBe(201);
    const next = await get(`/img/after-${id}/f_png,w_16`);
    expect(await middle(next)).toBe('#ff0000');
  },
  60_000,
);

it('A bucket that may be read but not written is reported as read-only, and pictures go on', async () => {
  expect(await put('read-only', '#00ff00')).toBe(201);
  proxy.fault = ({ method }) => (method === 'PUT' ? refusal(403, 'AccessDenied') : null);
  const report = async (query: string): Promise<unknown> => (await get(`/readyz${query}`)).json();
  const reasons = ['store read-only'];
  await expect
    .poll(() => report('?strict'), { timeout: 10_000 })
    .toMatchObject({ status: 'not ready', reasons, store: 'read-only' });
  expect(await report('')).toMatchObject({ status: 'ready', reasons: [], store: 'read-only' });
  expect((await get('/img/read-only/f_png,w_16')).status).toBe(200);
});

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';
import { endDaemon, freePort, startDaemon } from './support/daemon.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import { nginxConfiguration } from './support/nginx.ts';
import { RedisServer } from './support/redis.ts';
import { startS3 } from './support/rgw.ts';
import { SteadyLoad } from './support/steady-load.ts';

const headers = { authorization: `Bearer ${serverToken}` };

let folder: string;
let s3: FaultProxy;
let redis: RedisServer;
let environment: Record<string, string>;
const ports = [await freePort(), await freePort()] as const;
const nodes = new Map<number, ServerProcess>();
const edges: { readonly url: string; readonly daemon: Awaited<ReturnType<typeof startDaemon>> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-two-nodes-'));
  // Varnish compiles as a user of its own.
  await chmod(folder, 0o755);
  const server = await startS3();
  s3 = await FaultProxy.start(server.endpoint);
  redis = await RedisServer.start();
  environment = {
    ...server.env,
    TINTYPE_STORE: `s3://${await server.bucket()}/pictures`,
    TINTYPE_S3_ENDPOINT: s3.endpoint,
    TINTYPE_S3_FORCE_PATH_STYLE: 'true',
    TINTYPE_REDIS: redis.url,
    // As deploy/compose/compose.yaml has it.
    TINTYPE_DRAIN_DELAY: '3s',
    TINTYPE_LOG: 'warn',
  };
  await Promise.all(ports.map(start));
  const body = await solid('#22aa66', 64, 64);
  expect((await fetch(`${urlOf(ports[0])}/originals/cat`, { method: 'PUT', headers, body })).status).toBe(201);
  edges.push(await startVarnish(), await startNginx());
});
afterAll(async () => {
  await Promise.all(edges.map(({ daemon }) => endDaemon(daemon)));
  await Promise.all([...nodes.values()].map((node) => node.end('SIGKILL')));
  await redis.close();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** Starts a node, and waits until it may be sent requests. */
async function start(port: number): Promise<void> {
  nodes.set(port, await startServer({ ...environment, TINTYPE_PORT: String(port) }, folder, built));
  expect((await fetch(`${urlOf(port)}/readyz`)).status).toBe(200);
}

/** The file that a node prints for two. */
async function configuration(provider: string): Promise<string> {
  const answer = await fetch(`${urlOf(ports[0])}/cdn/${provider}?origin=${ports.map(urlOf).join(',')}`, { headers });
  return answer.text();
}

async function startVarnish() {
  const port = await freePort();
  const file = join(folder, 'nodes.vcl');
  await writeFile(file, await configuration('varnish'));
  const words = ['-F', '-n', join(folder, 'varnish'), '-a', `127.0.0.1:${port}`, '-f', file, '-s', 'malloc,64m'];
  const url = urlOf(port);
  return { url, daemon: await startDaemon('varnishd', [...words, '-j', 'none'], `${url}/livez`) };
}

async function startNginx() {
  const port = await freePort();
  const own = join(folder, 'nginx');
  await mkdir(own);
  const file = await nginxConfiguration(own, await configuration('nginx'), port);
  const url = urlOf(port);
  return { url, daemon: await startDaemon('nginx', ['-c', file, '-p', own], `${url}/livez`) };
}

/** Of ten requests nine are hits of the cache, one reaches a node; every fifth of these is a picture that was never rendered. */
function mixed(nth: number): string {
  return nth % 50 === 0 ? `/img/cat/c_fill,f_png,h_${1 + (nth % 61)},w_${1 + (nth % 59)}/new-${nth}.png` : warm(nth);
}

function warm(nth: number): string {
  const words = `/img/cat/f_png,w_${1 + (nth % 9)}`;
  return nth % 10 === 0 ? `${words}/name-${nth}.png` : words;
}

it('Two nodes, each restarted twice behind Varnish and nginx: no request fails, at 200 a second over kept connections', async () => {
  const loads = edges.map(({ url }) => new SteadyLoad(url, mixed));
  for (const port of [...ports, ...ports]) {
    expect(await nodes.get(port)?.end('SIGTERM')).toBe(0);
    await start(port);
  }
  const rates = await Promise.all(loads.map((load) => load.end()));
  expect(loads.map(({ errors }) => errors)).toEqual([[], []]);
  for (const rate of rates) expect(rate).toBeGreaterThan(200);
}, 180_000);

it('S3 away for a minute: every picture in memory is answered behind Varnish and nginx, and each node stays ready', async () => {
  for (const port of ports)
    for (let nth = 0; nth < 9; nth += 1) expect((await fetch(urlOf(port) + warm(nth))).status).toBe(200);
  const loads = edges.map(({ url }) => new SteadyLoad(url, warm));
  const half = () => new Promise((resolve) => setTimeout(resolve, 30_000));
  s3.fault = () => 'hang';
  await half();
  await s3.refuse();
  await half();
  for (const port of ports) {
    const ready = await fetch(`${urlOf(port)}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready', store: 'unreachable' }]);
    expect((await fetch(`${urlOf(port)}/readyz?strict`)).status).toBe(503);
  }
  await Promise.all(loads.map((load) => load.end()));
  expect(loads.map(({ errors }) => errors)).toEqual([[], []]);
  s3.calm();
  await s3.accept();
  const strict = async () => (await fetch(`${urlOf(ports[0])}/readyz?strict`)).status;
  await expect.poll(strict, { timeout: 15_000 }).toBe(200);
}, 120_000);

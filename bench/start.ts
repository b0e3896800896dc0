import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Row } from './bench.ts';
import { compare } from './rounds.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The least that such a server could be: it has its packages, and lives. */
const bare = `
  import { serve } from '@hono/node-server';
  import { Hono } from 'hono';
  import sharp from 'sharp';
  const app = new Hono().get('/livez', (context) => context.json({ status: 'ok', sharp: sharp.versions.sharp }));
  serve({ fetch: app.fetch, port: Number(process.env.TINTYPE_PORT), hostname: '127.0.0.1' });`;

/** From starting a process to its first good answer, on a folder that is used for the first time. */
export const start: Bench = {
  name: 'start',
  measures:
    'Milliseconds from starting a process until /livez is answered, against a server of hono that imports sharp and nothing else',
  async run() {
    const reference = () => untilAlive(['--input-type=module', '--eval', bare]);
    const rows: Row[] = [];
    for (const [what, args] of [
      ['node dist/main.js', ['dist/main.js']],
      ['tintype serve', ['dist/cli/main.js', 'serve']],
    ] as const) {
      const compared = await compare({ tintype: () => untilAlive(args), reference });
      rows.push({ what, unit: 'ms', ...compared, target: { bound: 'at most', ratio: 1.5 } });
    }
    return rows;
  },
};

async function untilAlive(args: readonly string[]): Promise<number> {
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'tintype-start-'))];
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TINTYPE_PORT: String(port),
    TINTYPE_STORE: `file:${folder}/data`,
  };
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' });
  const gone = once(child, 'exit');
  while ((await statusOf(port)) !== 200) {
    if (child.exitCode !== null)
      throw new Error(`Expected node ${args[0]} to live but it ended with ${child.exitCode}`);
  }
  const milliseconds = performance.now() - begun;
  // What has only just begun may be lost.
  child.kill('SIGKILL');
  await gone;
  await rm(folder, { recursive: true });
  return milliseconds;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** null where nobody listens yet; asks no more often than every 2 ms, so that whoever starts is not kept from it. */
function statusOf(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const request = get({ port, path: '/livez', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    request.once('error', () => setTimeout(() => resolve(null), 2));
  });
}

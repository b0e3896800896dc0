import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { built, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';

const headers = { Authorization: `Bearer ${serverToken}` };

/** More than a pipe of 64 KB holds. */
const many = 400;

/** A server that logs to a FIFO which is open and not read, and throws outside of any request on SIGUSR2. */
async function startOnFifo() {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-log-'));
  const path = join(folder, 'log');
  execFileSync('mkfifo', [path]);
  const held = await open(path, 'r+');
  onTestFinished(async () => {
    await held.close();
    await rm(folder, { recursive: true });
  });
  const crash = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("on purpose")})';
  const entry = ['--import', crash, ...built];
  const server = await startServer({ TINTYPE_STORE: 'memory:' }, undefined, entry, `exec > ${path}`);
  onTestFinished(async () => {
    await server.end('SIGKILL');
  });
  expect(
    (await fetch(`${server.url}/originals/cat`, { method: 'PUT', body: await solid('#f80'), headers })).status,
  ).toBe(201);
  return { server, path, held };
}

async function get(url: string): Promise<number> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  await answer.arrayBuffer();
  return answer.status;
}

it('While the reader of the log stalls, hits go on, and SIGTERM ends the server within its drain and two seconds', async () => {
  const { server } = await startOnFifo();
  for (let n = 0; n < many; n += 1) expect(await get(`${server.url}/img/cat/w_40`)).toBe(200);
  const metrics = await (await fetch(`${server.url}/metrics`, { headers })).text();
  expect(metrics).toContain('\ntintype_log_lines_dropped_total 0\n');
  const begun = performance.now();
  expect(await server.end('SIGTERM')).toBe(0);
  expect(performance.now() - begun).toBeLessThan(2500);
});

it('A crash writes all lines of the log to a reader that is slow, and its cause', async () => {
  const { server, path, held } = await startOnFifo();
  for (let n = 0; n < many; n += 1) expect(await get(`${server.url}/img/cat/w_40`)).toBe(200);
  const gone = once(server.process, 'exit');
  server.process.kill('SIGUSR2');
  const log = text(createReadStream(path));
  await held.close();
  expect(await gone).toEqual([1, null]);
  expect((await log).trim().split('\n')).toHaveLength(many + 1);
  expect(server.said()).toContain('Error: on purpose');
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { built, serverToken, startServer } from '../support/server-process.ts';
import { middle, solid } from '../support/tintype.ts';

const headers = { authorization: `Bearer ${serverToken}` };

it('Under `ulimit -n 64` the server starts, refuses a crowd with 503, and goes on without leaking a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-few-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = await startServer({ TINTYPE_STORE: `file:${folder}/data` }, folder, built, 'ulimit -n 64');
  onTestFinished(async () => {
    await server.end('SIGKILL');
  });
  const openFiles = async () => (await readdir(`/proc/${server.process.pid}/fd`)).length;
  const put = await fetch(`${server.url}/originals/cat`, { method: 'PUT', headers, body: await solid('#00ff00') });
  expect(put.status).toBe(201);
  expect(await middle(await fetch(`${server.url}/img/cat/f_png,w_10`))).toBe('#00ff00');
  const before = await openFiles();
  const crowd = Array.from({ length: 100 }, async (_, index) => {
    const answer = await fetch(`${server.url}/img/sample/f_webp,w_${100 + index}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(30_000),
    });
    await answer.arrayBuffer();
    return answer.status;
  });
  const answers = await Promise.allSettled(crowd);
  // A connection that found no file left is cut by the system; whoever is answered gets a picture or the word to come again.
  const statuses = new Set(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])));
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
  expect(await middle(await fetch(`${server.url}/img/cat/f_png,w_11`))).toBe('#00ff00');
  await expect.poll(openFiles).toBeLessThanOrEqual(before + 2);
}, 60_000);

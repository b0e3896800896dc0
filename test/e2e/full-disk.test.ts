import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { built, serverToken, startServer } from '../support/server-process.ts';
import { middle, solid } from '../support/tintype.ts';

const headers = { authorization: `Bearer ${serverToken}` };

/** A disk of 8 MB. */
async function smallDisk(): Promise<string> {
  const disk = await mkdtemp(join(tmpdir(), 'tintype-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', disk]);
  onTestFinished(async () => {
    execFileSync('umount', ['--lazy', disk]);
    await rm(disk, { recursive: true, force: true });
  });
  return disk;
}

/** Writes until not a byte more goes in. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (const size of [65_536, 1]) {
    const block = Buffer.alloc(size);
    while (
      await file.write(block).then(
        () => true,
        () => false,
      )
    );
  }
  await file.close();
}

it('On a full disk what is there is served and rendered, uploads are a 507, and all is well once there is room', async () => {
  const disk = await smallDisk();
  const server = await startServer({ TINTYPE_STORE: `file:${disk}/data`, TINTYPE_LOG: 'silent' }, disk, built);
  onTestFinished(async () => {
    await server.end('SIGKILL');
  });
  const put = async (id: string) =>
    fetch(`${server.url}/originals/${id}`, { method: 'PUT', headers, body: await solid('#00ff00', 400, 300) });
  const show = async (words: string) => fetch(`${server.url}/img/cat/f_png,${words}`);
  expect((await put('cat')).status).toBe(201);
  expect(await middle(await show('w_10'))).toBe('#00ff00');
  await fill(join(disk, 'filler'));
  expect((await put('dog')).status).toBe(507);
  expect((await put('cat')).status).toBe(507);
  const hit = await show('w_10');
  expect([hit.status, hit.headers.get('cache-status')]).toEqual([200, expect.stringContaining('hit')]);
  for (let width = 11; width < 31; width++) expect(await middle(await show(`w_${width}`))).toBe('#00ff00');
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  const ready = async (query: string) => {
    const answer = await fetch(`${server.url}/readyz${query}`);
    return { httpStatus: answer.status, ...Object(await answer.json()) };
  };
  await expect
    .poll(() => ready(''), { timeout: 10_000 })
    .toMatchObject({ httpStatus: 200, store: 'full', disk: 'full' });
  expect(await ready('?strict')).toMatchObject({ httpStatus: 503, reasons: ['store full', 'disk full'] });
  await writeFile(join(disk, 'filler'), '');
  await expect.poll(async () => (await put('dog')).status, { timeout: 10_000 }).toBe(201);
  expect(await middle(await fetch(`${server.url}/img/dog/f_png,w_10`))).toBe('#00ff00');
}, 60_000);

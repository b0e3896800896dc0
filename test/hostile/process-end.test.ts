import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fixtureBytes } from '../support/photo.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';

/** The built server; `accident` runs in its process before anything else. */
async function started(accident?: string): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-end-'));
  const injected = accident === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(accident)}`];
  const entry = [...injected, ...built];
  const server = await startServer({ TINTYPE_STORE: `file:${folder}/data` }, folder, entry);
  onTestFinished(async () => {
    if (server.process.exitCode === null) await server.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return server;
}

/** Process ids of a server's rendering processes. */
function renderersOf(server: ServerProcess): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1] === String(server.process.pid))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes('worker'))
    .map(Number);
}

/** Until the server has seen them die: what it does then is the matter here. */
async function killRenderersOf(server: ServerProcess): Promise<void> {
  const killed = renderersOf(server);
  for (const pid of killed) process.kill(pid, 'SIGSEGV');
  while (renderersOf(server).some((pid) => killed.includes(pid)))
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Processes end while we look. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe('Threat K2: rendering processes that die', () => {
  it('cost a moment: whoever asks next is answered within seconds, by processes that are as many as before', async () => {
    const server = await started();
    const put = await fetch(`${server.url}/originals/good`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${serverToken}` },
      body: new Uint8Array(fixtureBytes('scene.jpg')),
    });
    expect(put.status).toBe(201);
    const before = renderersOf(server).length;
    expect(before).toBeGreaterThan(0);
    for (let round = 0; round < 4; round++) {
      await killRenderersOf(server);
      const begun = performance.now();
      expect((await fetch(`${server.url}/img/good/w_${40 + round}`)).status).toBe(200);
      expect(performance.now() - begun).toBeLessThan(8000);
    }
    expect(renderersOf(server).length).toBeLessThanOrEqual(before);
    expect(server.process.exitCode).toBeNull();
  }, 60_000);
});

describe('Threat K3: a mistake of ours that nobody catches', () => {
  it.each([
    ['a promise', "Promise.reject(new Error('our mistake'))"],
    ['a callback', "throw new Error('our mistake')"],
  ])('in %s ends the process with its cause, for a supervisor to start it again', async (_, mistake) => {
    const server = await started(`process.on('SIGUSR2', () => { ${mistake}; })`);
    const ended = once(server.process, 'exit');
    server.process.kill('SIGUSR2');
    const [code] = await ended;
    expect(code).toBe(1);
    expect(server.said()).toContain('our mistake');
  });
});

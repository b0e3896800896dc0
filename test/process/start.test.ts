import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { beginServer, childrenOf, command, runServer, serverToken, startServer } from '../support/server-process.ts';
import { sizeOf, solid } from '../support/tintype.ts';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-start-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

async function started(environment: Record<string, string>, cwd?: string) {
  const server = await startServer(environment, cwd);
  onTestFinished(async () => {
    await server.end('SIGKILL');
  });
  return server;
}

describe('A first start on an empty folder', () => {
  it('shows a picture at the URL of its banner and says how to store another', async () => {
    const folder = await emptyFolder();
    const server = await started({ TINTYPE_STORE: `file:${folder}/data`, TINTYPE_TOKEN: serverToken }, folder);
    const shown = /See a picture\s+(\S+)/.exec(server.said())?.[1] ?? '';
    expect(await sizeOf(await fetch(shown))).toEqual([800, 600, 'image/webp']);
    expect(server.said()).toContain('/originals/photo');
    expect(server.said()).not.toContain(serverToken);
  });

  it.each([
    ['on all addresses', { TINTYPE_HOST: '0.0.0.0' }],
    ['with signing keys', { TINTYPE_SIGNING_KEYS: 'a-key-of-at-least-thirty-two-bytes-0123' }],
    ['with presets only', { TINTYPE_PRESETS_ONLY: 'true' }],
    ['with a list of widths', { TINTYPE_WIDTHS: 'list:320,640' }],
  ])('%s prints addresses that can be opened', async (_how, settings) => {
    const folder = await emptyFolder();
    const server = await started({ TINTYPE_STORE: `file:${folder}/data`, ...settings });
    const urls = [
      ...server.said().matchAll(/^(?:Try everything|Begin here|See a picture|From elsewhere) +(.+)$/gm),
    ].flatMap(([, found = '']) => found.split(' '));
    expect(urls.length).toBeGreaterThanOrEqual(2);
    expect(urls.join(' ')).not.toContain('0.0.0.0');
    for (const url of urls) expect([url, (await fetch(url)).status]).toEqual([url, 200]);
  });

  it('has a photo, a portrait, a logo with alpha and an animation', async () => {
    const folder = await emptyFolder();
    const server = await started({ TINTYPE_STORE: `file:${folder}/data` });
    const factsOf = async (id: string) => (await fetch(`${server.url}/info/${id}`)).json();
    expect(await Promise.all(['sample', 'portrait', 'logo', 'animation'].map(factsOf))).toMatchObject([
      { format: 'jpg', width: 1600, height: 1200 },
      { format: 'jpg', width: 900, height: 1200 },
      { format: 'png', alpha: true },
      { format: 'gif', pages: 24 },
    ]);
  });

  it('gives the sample once: who deletes it does not get it again', async () => {
    const folder = await emptyFolder();
    const environment = { TINTYPE_STORE: `file:${folder}/data` };
    const first = await started(environment);
    const headers = { authorization: `Bearer ${serverToken}` };
    expect((await fetch(`${first.url}/originals/sample`, { method: 'DELETE', headers })).status).toBe(204);
    await first.end('SIGTERM');
    const second = await started(environment);
    expect((await fetch(`${second.url}/img/sample/w_9`)).status).toBe(404);
  });
});

describe('A folder that is removed under a server', () => {
  it('leaves nobody without an answer, also where it was named from the working folder', async () => {
    const folder = await emptyFolder();
    const server = await started({ TINTYPE_STORE: 'file:./data' }, folder);
    await rm(folder, { recursive: true });
    const headers = { authorization: `Bearer ${serverToken}` };
    const put = await fetch(`${server.url}/originals/cat`, { method: 'PUT', headers, body: await solid('#00ff00') });
    expect([201, 502, 507]).toContain(put.status);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  });
});

describe('While it starts', () => {
  /** Begins to start one whose store does not answer, until it says that it lives; what it is asked by. */
  async function beginning(entry?: readonly string[]) {
    // Something that takes connections and never answers: S3 on a bad day.
    const silent = createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const free = await freePort();
    const environment = {
      TINTYPE_STORE: 's3://bucket',
      TINTYPE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      TINTYPE_TOKEN: serverToken,
      TINTYPE_PORT: String(free),
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_REGION: 'x',
    };
    const starting = beginServer(environment, entry);
    onTestFinished(() => void starting.kill('SIGKILL'));
    const ask = (path: string) => fetch(`http://127.0.0.1:${free}${path}`).catch(() => null);
    await expect.poll(async () => (await ask('/livez'))?.status, { timeout: 15_000 }).toBe(200);
    return { starting, ask };
  }

  it('a server says that it lives and is not ready, until its store has answered', async () => {
    const { ask } = await beginning();
    const ready = await ask('/readyz');
    expect([ready?.status, await ready?.json()]).toEqual([503, { status: 'not ready', reasons: ['starting'] }]);
    const image = await ask('/img/cat/w_9');
    expect([image?.status, image?.headers.get('retry-after'), image?.headers.get('cache-control')]).toEqual([
      503,
      '1',
      'no-store',
    ]);
  });

  it.each([
    ['node', undefined],
    ['tintype serve', command],
  ])('a signal ends it, by %s', async (_, entry) => {
    const { starting } = await beginning(entry);
    const gone = once(starting, 'exit');
    starting.kill('SIGTERM');
    const [code, signal] = await gone;
    expect([130, 'SIGTERM']).toContain(code ?? signal);
  });
});

describe('Without a configured token', () => {
  it('a folder keeps one, readable by its owner alone, that opens everything', async () => {
    const folder = await emptyFolder();
    const server = await launchWithoutToken(folder);
    const path = join(folder, 'data', 'token');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const secret = (await readFile(path, 'utf8')).trim();
    expect(server.said()).toContain('$(cat data/token)');
    expect(server.said()).not.toContain(secret);
    const answer = await fetch(`${server.url}/originals/sample`, { headers: { authorization: `Bearer ${secret}` } });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  });

  it('a shared store does not start', async () => {
    const { code, said } = await runServer({ TINTYPE_STORE: 's3://bucket/prefix' });
    expect([code, said]).toEqual([1, expect.stringContaining('Expected TINTYPE_TOKEN or TINTYPE_TOKENS')]);
  });

  async function launchWithoutToken(folder: string) {
    const server = await startServer({ TINTYPE_STORE: 'file:./data', ...withoutToken }, folder);
    onTestFinished(async () => {
      await server.end('SIGKILL');
    });
    return server;
  }
});

/** Takes the helper's own token out again. */
const withoutToken = { TINTYPE_TOKEN: undefined as unknown as string };

describe('Threat K6: a bad start is one sentence and exit code 1:', () => {
  it.each([
    [{ TINTYPE_MEMROY: '1' }, 'Unknown variable TINTYPE_MEMROY'],
    [{ TINTYPE_STORE: 'ftp://x' }, 'Expected memory:, file:./folder or s3://bucket/prefix'],
    [{ TINTYPE_PRESETS: '{"thumb":"w_0"}' }, 'behind preset "thumb"'],
    [{ TINTYPE_HOST: '192.0.2.1' }, 'Expected an address of this machine but received 192.0.2.1:0'],
  ])('%o', async (environment, sentence) => {
    const { code, said } = await runServer({ TINTYPE_STORE: 'memory:', TINTYPE_TOKEN: serverToken, ...environment });
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toEqual([expect.stringContaining(sentence)]);
  });

  it('a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { code, said } = await runServer({
      TINTYPE_STORE: 'memory:',
      TINTYPE_TOKEN: serverToken,
      TINTYPE_PORT: port,
    });
    expect([code, said.trim()]).toEqual([1, `tintype: Expected a free port but it is taken: 127.0.0.1:${port}`]);
  });

  it('a folder that another process serves', async () => {
    const folder = await emptyFolder();
    const environment = { TINTYPE_STORE: `file:${folder}/data`, TINTYPE_TOKEN: serverToken };
    await started(environment);
    const { code, said } = await runServer(environment);
    expect([code, said.trim().split('\n').length]).toEqual([1, 1]);
  });
});

describe('What Kubernetes and platforms set', () => {
  it('is no mistake of the operator', async () => {
    const server = await started({
      TINTYPE_STORE: 'memory:',
      TINTYPE_SERVICE_HOST: '10.0.0.1',
      TINTYPE_PORT_80_TCP: 'x',
      TINTYPE_PORT: 'tcp://10.0.0.1:80',
      PORT: '0',
    });
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  });
});

describe('An end', () => {
  it('by SIGTERM on an idle server comes with code 0, closes idle connections, and leaves no process and no file behind', async () => {
    const temporary = await emptyFolder();
    const server = await started({ TINTYPE_STORE: 'memory:', TMPDIR: temporary });
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const children = childrenOf(server);
    expect(children.length).toBeGreaterThan(0);
    expect(await server.end('SIGTERM')).toBe(0);
    const alive = await readdir('/proc');
    for (const child of children) expect(alive).not.toContain(child);
    expect(await readdir(join(temporary, `tintype-${process.getuid?.() ?? 0}`))).toEqual([]);
  });

  it('by kill -9 takes the rendering processes along', async () => {
    const server = await started({ TINTYPE_STORE: 'memory:' });
    const children = childrenOf(server);
    await server.end('SIGKILL');
    const gone = async () => (await readdir('/proc')).filter((name) => children.includes(name)).length === 0;
    while (!(await gone()));
  });

  it('by SIGTERM waits for the answer that is being made', async () => {
    const server = await started({ TINTYPE_STORE: 'memory:' });
    const { drawPhoto } = await import('../support/photo.ts');
    const body = await drawPhoto(4000, 3000, { format: 'jpeg', quality: 85, seed: 1 });
    await fetch(`${server.url}/originals/photo`, {
      method: 'PUT',
      body,
      headers: { authorization: `Bearer ${serverToken}` },
    });
    const answer = fetch(`${server.url}/img/photo/w_3000,f_webp`);
    while (!(await rendering(server.url)));
    expect(await server.end('SIGTERM')).toBe(0);
    expect(await sizeOf(await answer)).toEqual([3000, 2250, 'image/webp']);
  });
});

/** HEAD says whether the variant stands already; until then it is being made. */
async function rendering(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/img/photo/w_3000,f_webp`, { method: 'HEAD' });
  return answer.status === 200;
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const count = process.env['TINTYPE_LONG'] === '1' ? 1000 : 60;

let folder: string;
let photos: string;
let server: ServerProcess;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-shell-'));
  photos = join(folder, 'photos');
  await mkdir(join(photos, 'deep'), { recursive: true });
  const photo = await drawPhoto(1000, 750);
  // Behind the end of a JPEG anything may stand: so each is another file.
  for (let index = 0; index < count; index++) {
    const name = index % 2 === 0 ? `${index}.jpg` : `deep/${index}.jpg`;
    await writeFile(join(photos, name), Buffer.concat([photo, Buffer.from(String(index))]));
  }
});
afterAll(async () => {
  await server?.end('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A server of its own for each story, on a folder that outlives it. */
async function start(store: string, port = '0'): Promise<void> {
  await server?.end('SIGKILL');
  const settings = { TINTYPE_STORE: `file:${folder}/${store}`, TINTYPE_LOG: 'error', TINTYPE_PORT: port };
  server = await startServer(settings, folder, built);
  const { PATH = '', HOME = '' } = process.env;
  environment = { PATH, HOME, TINTYPE_URL: server.url, TINTYPE_TOKEN: serverToken };
}

const begin = (...words: readonly string[]): ChildProcess =>
  spawn(process.execPath, [program, ...words], { env: environment, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

interface Ended {
  readonly code: number | string;
  readonly out: string;
  readonly said: string;
}

async function ending(child: ChildProcess): Promise<Ended> {
  let [out, said] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code: code ?? signal ?? 'unknown', out, said };
}

const tintype = (...words: readonly string[]) => ending(begin(...words));

/** What a new folder gets. */
const samples = ['sample', 'portrait', 'logo', 'animation'];

async function stored(): Promise<number> {
  const ids = await readdir(join(folder, 'resumed/o')).catch(() => []);
  return ids.filter((id) => !samples.includes(id)).length;
}

/** The server's own folder tells, without a request of ours in between. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('tintype put', () => {
  beforeAll(() => start('resumed'));

  it('that is killed -9, or whose server is, goes on where it was; nothing is sent twice', async () => {
    const killed = begin('put', 'photos');
    await until(async () => (await stored()) >= count / 5);
    killed.kill('SIGKILL');
    expect((await ending(killed)).code).toBe('SIGKILL');

    const { port } = new URL(server.url);
    const orphaned = tintype('put', 'photos');
    await until(async () => (await stored()) >= count / 2);
    await server.end('SIGKILL');
    const { code, out, said } = await orphaned;
    expect([code, out]).toEqual([3, '']);
    expect(said).toMatch(
      /^tintype: Expected a Tintype server at .*; \d+ of \d+ are done; the same line goes on from here\n$/,
    );

    await start('resumed', port);
    const before = await stored();
    expect(before).toBeLessThan(count);
    const last = JSON.parse((await tintype('put', 'photos', '--json')).out) as Record<string, number>;
    expect(last).toMatchObject({ replaced: 0, failed: [] });
    // What was written and not acknowledged is there or not; a record is written last.
    expect((last['stored'] ?? 0) + (last['same'] ?? 0)).toBe(count);
    expect(last['same']).toBeGreaterThanOrEqual(count / 2 - 16);
    expect(await stored()).toBe(count);
  });

  it('shows a bar to people, and takes it away again', () => {
    const line = `${process.execPath} ${program} put photos`;
    const seen = execFileSync('script', ['-qec', line, '/dev/null'], {
      env: environment,
      cwd: folder,
      encoding: 'utf8',
    });
    expect(seen).toMatch(/\r\u001b\[K\[[█·]{24}\] {2}\d+\/\d+ {2}[\d.]+ MB\/s/);
    const lines = seen
      .replaceAll(/.*\r\u001b\[K/g, '')
      .trimEnd()
      .split('\r\n');
    expect([lines.length, lines.at(-1)]).toEqual([count + 1, `0 stored, 0 replaced, ${count} were there, 0 failed`]);
  });

  it('ends with 130 on Ctrl-C, and says how far it came', async () => {
    await start('interrupted');
    const child = begin('put', 'photos');
    await until(async () => (await readdir(join(folder, 'interrupted/o')).catch(() => [])).length > samples.length + 1);
    child.kill('SIGINT');
    const { code, said } = await ending(child);
    expect([code, said]).toEqual([130, expect.stringMatching(/^tintype: [^\n]+\n$/)]);
  });
});

describe('The command itself', () => {
  it('ends with what it came to', async () => {
    await start('codes');
    expect((await tintype('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await tintype('put', 'photos/0.jpg', '--id', 'one')).code).toBe(0);
    expect((await tintype('get', 'nobody', '--out', 'x')).code).toBe(4);
    expect((await tintype('put', 'nowhere')).code).toBe(2);
    expect((await tintype('stats', '--url', 'http://127.0.0.1:9')).code).toBe(3);
  });

  it('writes bytes into a pipe, and is content with who reads no further', () => {
    const shell = (line: string) =>
      execFileSync('bash', ['-c', `set -o pipefail; ${line}`], { env: environment, encoding: 'latin1' });
    expect(shell(`${process.execPath} ${program} get one/w_9,f_png | head -c 4`)).toBe('\u0089PNG');
    expect(shell(`${process.execPath} ${program} --help | head -1`)).toMatch(/^Usage: tintype COMMAND/);
  });

  it('finds by itself the token of a server on this machine', async () => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, built, {
      env: { PATH, HOME, TINTYPE_STORE: `file:${folder}/data`, TINTYPE_PORT: '0', TINTYPE_LOG: 'error' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const url = await new Promise<string>((resolve) =>
        child.stderr.on('data', (chunk) => {
          const listening = /listens on (http:\S+)/.exec(String(chunk))?.[1];
          if (listening !== undefined) resolve(listening);
        }),
      );
      environment = { PATH, HOME };
      expect(await tintype('stats', '--url', url)).toMatchObject({ code: 0, said: '' });
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });
});

describe('tintype serve', () => {
  it('serves a folder as it lies there, and writes nothing into it', async () => {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [program, 'serve', 'photos', '--port', '0', '--json'], {
      env: { PATH, HOME: folder, TINTYPE_LOG: 'error' },
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const before = await readdir(photos, { recursive: true });
    try {
      const [line] = (await once(child.stderr, 'data')) as [Buffer];
      const { url, store } = JSON.parse(line.toString()) as { readonly url: string; readonly store: string };
      expect(store).toMatch(/^file:.*\/\.cache\/tintype\/photos-[0-9a-f]{8}$/);
      const answer = await fetch(`${url}/img/deep:1.jpg/w_40,f_webp`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
      await answer.arrayBuffer();
    } finally {
      child.kill('SIGTERM');
    }
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await readdir(photos, { recursive: true })).toEqual(before);
  });
});

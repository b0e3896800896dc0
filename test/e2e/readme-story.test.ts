import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../docs/pages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Chapters behind it speak of buckets, nodes and CDNs that a newcomer does not have. */
const newcomer = textOf('README.md').split('## In front of my bucket')[0] ?? '';
const blocks = [...newcomer.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
const table = /## Some URLs\n([\s\S]*?)\n## /.exec(textOf('README.md'))?.[1] ?? '';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** A block that ends in a server goes on in the background, as in a second window; the shell waits until it answers. */
function inOrder(block: string, ports: Readonly<Record<string, number>>): string {
  const text = block.replaceAll(/\b(3000|3001)\b/g, (port) => String(ports[port])).replaceAll('curl ', 'curl -sSf ');
  if (!/npm start|tintype serve/.test(block)) return text;
  const port = /--port 3001/.test(block) ? ports['3001'] : ports['3000'];
  const asked = `http://127.0.0.1:${port}/readyz`;
  const oneTry = `curl -sf -o /dev/null ${asked} && break; kill -0 $! || exit 9; sleep 0.2`;
  return `( ${text} ) &\nfor i in $(seq 600); do ${oneTry}; done\ncurl -sSf -o /dev/null ${asked}\n`;
}

describe('The blocks of the README, in order, in one shell, from a clean clone', () => {
  let folder: string;
  let shell: ChildProcess | undefined;
  let said = '';
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-story-'));
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
    const wanted = new Set(files.split('\n'));
    const folders = new Set(
      [...wanted].flatMap((file) => file.split('/').map((_part, at, all) => all.slice(0, at).join('/'))),
    );
    const filter = (path: string) => {
      const name = path.slice(root.length);
      return name === '' || wanted.has(name) || folders.has(name);
    };
    await cp(root, folder, { recursive: true, filter });
    const ports = { '3000': await freePort(), '3001': await freePort() };
    origin = `http://127.0.0.1:${ports['3000']}`;
    const script = `${blocks.map((block) => inOrder(block, ports)).join('')}\necho ALL DONE\nwait\n`;
    const { TINTYPE_TOKEN: _token, ...environment } = process.env;
    const env = { ...environment, TINTYPE_PORT: String(ports['3000']), TINTYPE_URL: origin, TINTYPE_LOG: 'error' };
    shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, detached: true });
    await new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('ALL DONE')) resolve();
      };
      shell?.stdout?.on('data', hear);
      shell?.stderr?.on('data', hear);
      shell?.once('exit', () => resolve());
    });
  }, 180_000);
  afterAll(async () => {
    // Its servers are children of its process group.
    if (shell?.pid !== undefined && shell.exitCode === null) {
      process.kill(-shell.pid, 'SIGTERM');
      await once(shell, 'exit');
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('run to their end, without a warning', () => {
    expect(blocks.join('').match(/^(?:curl|npm|npx|TOKEN=)/gm)?.length).toBeGreaterThanOrEqual(12);
    expect(said).toContain('ALL DONE');
    expect(said.split('\n').filter((line) => /\bwarn(?:ing)?\b|deprecated/i.test(line))).toEqual([]);
  });

  it('leave the pictures that they speak of', async () => {
    const sizes = await Promise.all(
      ['lake.webp', 'lake.jpg'].map(async (name) => {
        const { width, height, format } = await sharp(await readFile(join(folder, name))).metadata();
        return [width, height, format];
      }),
    );
    expect(sizes).toEqual([
      [400, 300, 'webp'],
      [300, 300, 'jpeg'],
    ]);
    expect((await fetch(`${origin}/img/lake/w_400,f_webp`)).status).toBe(404);
  });

  it('are followed by URLs that the samples of an empty folder answer', async () => {
    const urls = [...table.matchAll(/`(\/img\/\S+?)`/g)].map(([, url = '']) => url);
    const answers = await Promise.all(urls.map(async (url) => [(await fetch(origin + url)).status, url]));
    expect(answers).toEqual(urls.map((url) => [200, url]));
    expect(urls.length).toBeGreaterThanOrEqual(10);
  });

  it('show the sample under the URL that is printed everywhere', async () => {
    const [, url = ''] = /<img src="([^"]+)" width="800" height="600"/.exec(newcomer) ?? [];
    const answer = await fetch(url.replace('http://127.0.0.1:3000', origin));
    const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([answer.status, width, height]).toEqual([200, 800, 600]);
  });
});

import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../docs/pages.ts';
import { built, type ServerProcess, startServer } from '../support/server-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const chapter = /## Store a picture, ask for a size\n([\s\S]*?)\n## /.exec(textOf('README.md'))?.[1] ?? '';
const story = /```sh\n([\s\S]*?)```/.exec(chapter)?.[1] ?? '';

describe('The first story of the README', () => {
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-story-'));
    await cp(join(root, 'fixtures/sample.jpg'), join(folder, 'fixtures/sample.jpg'));
    // Without a token of ours: one is made in the folder, and that is where the story finds it.
    const environment = { TINTYPE_STORE: 'file:./data', TINTYPE_LOG: 'error', TINTYPE_TOKENS: '' };
    server = await startServer(environment, folder, built, 'unset TINTYPE_TOKEN');
  });
  afterAll(async () => {
    await server?.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it('goes as it is told, line by line', async () => {
    const lines = story.replaceAll('http://127.0.0.1:3000', server.url).replaceAll('curl ', 'curl -sSf ');
    expect(lines.match(/curl/g)?.length).toBe(6);
    execFileSync('bash', ['-euo', 'pipefail', '-c', lines], { cwd: folder });
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
    // The last line deletes it.
    expect((await fetch(`${server.url}/img/lake/w_400,f_webp`)).status).toBe(404);
  });

  it('shows the sample under the URL that is printed everywhere', async () => {
    const [, url = ''] = /<img src="([^"]+)" width="800" height="600"/.exec(chapter) ?? [];
    const answer = await fetch(url.replace('http://127.0.0.1:3000', server.url));
    const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([answer.status, width, height]).toEqual([200, 800, 600]);
  });
});

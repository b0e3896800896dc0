import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { middle, solid } from '../support/tintype.ts';
import { startS3 } from './support/rgw.ts';

const authorization = { authorization: `Bearer ${serverToken}` };
const isLong = process.env['TINTYPE_LONG'] === '1';

let folder: string;
let red: Uint8Array<ArrayBuffer>;
let blue: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-ways-'));
  [red, blue] = await Promise.all([solid('#ff0000'), solid('#0000ff')]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where pictures of others lie, and how they come to be there. */
interface TestSource {
  readonly environment: Readonly<Record<string, string>>;
  put(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

async function folderShelf(): Promise<TestSource> {
  const root = join(folder, 'public');
  await mkdir(root);
  return {
    environment: { TINTYPE_STORE: `file:${folder}/data-file`, TINTYPE_SOURCE: `file:${root}` },
    put: async (path, bytes) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), bytes);
    },
    remove: (path) => rm(join(root, path)),
  };
}

/** A bucket of another product: nothing in it is ours, and its names are not our keys. */
async function bucketShelf(): Promise<TestSource> {
  const { endpoint, env, bucket } = await startS3();
  const client = new S3Client({ endpoint, forcePathStyle: true });
  const [Bucket, store] = [await bucket(), await bucket()];
  return {
    environment: {
      ...env,
      TINTYPE_STORE: `s3://${store}`,
      TINTYPE_SOURCE: `s3://${Bucket}/wp-content`,
      TINTYPE_S3_ENDPOINT: endpoint,
      TINTYPE_S3_FORCE_PATH_STYLE: 'true',
    },
    put: async (path, Body) => {
      await client.send(new PutObjectCommand({ Bucket, Key: `wp-content/${path}`, Body }));
    },
    remove: async (path) => {
      await client.send(new DeleteObjectCommand({ Bucket, Key: `wp-content/${path}` }));
    },
  };
}

describe.each([
  ['a folder', folderShelf, 1000],
  ['a bucket on S3', bucketShelf, isLong ? 1000 : 100],
] as const)('The pictures of %s', (_name, open, manyPictures) => {
  let source: TestSource;
  let server: ServerProcess;
  const get = (path: string) => fetch(server.url + path, { headers: authorization });
  const colour = async (path: string) => middle(await get(path));

  beforeAll(async () => {
    source = await open();
    for (let at = 0; at < manyPictures; at++) await source.put(`tmp/2026/${at}.png`, at % 2 === 0 ? red : blue);
    server = await startServer({ ...source.environment, TINTYPE_SOURCE_FRESH: '0s' }, folder, built);
  });
  afterAll(() => server.end('SIGTERM'));

  it('are served with no upload', async () => {
    const answers: string[] = [];
    const askAll = async (first: number) => {
      for (let at = first; at < manyPictures; at += 8) answers[at] = await colour(`/img/tmp:2026:${at}.png/w_8,f_png`);
    };
    await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(askAll));
    expect(answers).toEqual(answers.map((_, at) => (at % 2 === 0 ? '#ff0000' : '#0000ff')));
  });

  it('are given as they are, and are 404 where they are not', async () => {
    const stored = await get('/originals/tmp:2026:0.png');
    expect(Buffer.from(await stored.arrayBuffer()).equals(Buffer.from(red))).toBe(true);
    expect((await get('/img/tmp:2026:nobody.png')).status).toBe(404);
  });

  it('are seen when they are replaced, and missed when they are gone', async () => {
    await source.put('tmp/2026/0.png', blue);
    const seen = (wanted: unknown, look: () => Promise<unknown>) =>
      vi.waitFor(async () => expect(await look()).toEqual(wanted), { timeout: 20_000, interval: 50 });
    await seen('#0000ff', () => colour('/img/tmp:2026:0.png/f_png').catch(() => 'none'));
    await source.remove('tmp/2026/0.png');
    await seen(404, async () => (await get('/img/tmp:2026:0.png/f_png')).status);
  });
});

describe('A source that goes down', () => {
  it('leaves what is known, and is a 502 for the rest', async () => {
    let down = false;
    const remote = createServer((_asked, answer) => {
      if (down) answer.destroy();
      else answer.setHeader('etag', '"1"').end(red);
    }).listen(0, '127.0.0.1');
    await once(remote, 'listening');
    const address = remote.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const server = await startServer(
      { TINTYPE_STORE: 'memory:', TINTYPE_SOURCE: `http://127.0.0.1:${port}/`, TINTYPE_SOURCE_FRESH: '0s' },
      folder,
      built,
    );
    const status = async (path: string) => (await fetch(server.url + path)).status;
    expect(await status('/img/cat/w_9')).toBe(200);
    down = true;
    expect([await status('/img/cat/w_8'), await status('/img/dog/w_8')]).toEqual([200, 502]);
    await server.end('SIGTERM');
    remote.close();
    remote.closeAllConnections();
  });
});

describe.each([
  ['a folder', async () => ({ TINTYPE_STORE: `file:${folder}/data-form` })],
  ['a bucket on S3', async () => (await bucketShelf()).environment],
] as const)('A browser, and %s', (_name, open) => {
  it('stores a picture by a form, and shows it', async () => {
    const server = await startServer(await open(), folder, built);
    await writeFile(join(folder, 'cat.png'), red);
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(`${server.url}/livez`);
      await page.setContent(
        '<form><input type="file" name="file"><input name="tags" value="a,b"><input name="id"></form>',
      );
      await page.setInputFiles('input[type=file]', join(folder, 'cat.png'));
      // As text: a page has other globals than this process.
      const stored = await page.evaluate<{ status: number; original: { url: string } }>(`(async () => {
        const body = new FormData(document.querySelector('form'));
        const answer = await fetch('/originals', { method: 'POST', headers: ${JSON.stringify(authorization)}, body });
        return { status: answer.status, original: await answer.json() };
      })()`);
      expect(stored).toMatchObject({ status: 201, original: { width: 64, height: 48, tags: ['a', 'b'] } });
      const shown = await page.evaluate(`(async () => {
        const image = new Image();
        image.src = ${JSON.stringify(`${stored.original.url}/w_32`)};
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      })()`);
      expect(shown).toEqual([32, 24]);
    } finally {
      await browser.close();
      await server.end('SIGTERM');
    }
  });
});

import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { middle, solid } from '../support/tintype.ts';
import { startS3 } from './support/rgw.ts';

const authorization = { authorization: `Bearer ${serverToken}` };
const manyPictures = process.env['TINTYPE_LONG'] === '1' ? 1000 : 100;

let folder: string;
let red: Uint8Array<ArrayBuffer>;
let blue: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-ways-'));
  [red, blue] = await Promise.all([solid('#ff0000'), solid('#0000ff')]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where pictures of others lie, and how they come to be there. */
interface Shelf {
  readonly environment: Readonly<Record<string, string>>;
  put(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

async function folderShelf(): Promise<Shelf> {
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
async function bucketShelf(): Promise<Shelf> {
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
  ['a folder', folderShelf],
  ['a bucket on S3', bucketShelf],
] as const)('The pictures of %s', (_name, open) => {
  let shelf: Shelf;
  let server: ServerProcess;
  const get = (path: string) => fetch(server.url + path, { headers: authorization });
  const colour = async (path: string) => middle(await get(path));

  beforeAll(async () => {
    shelf = await open();
    for (let at = 0; at < manyPictures; at++) await shelf.put(`tmp/2026/${at}.png`, at % 2 === 0 ? red : blue);
    server = await startServer({ ...shelf.environment, TINTYPE_SOURCE_FRESH: '0s' }, folder, built);
  });
  afterAll(() => server.end('SIGTERM'));

  it('are served with no upload', async () => {
    const answers: string[] = [];
    for (let at = 0; at < manyPictures; at++) answers.push(await colour(`/img/tmp:2026:${at}.png/w_8,f_png`));
    expect(answers).toEqual(answers.map((_, at) => (at % 2 === 0 ? '#ff0000' : '#0000ff')));
  });

  it('are given as they are, and are 404 where they are not', async () => {
    const stored = await get('/originals/tmp:2026:0.png');
    expect(Buffer.from(await stored.arrayBuffer()).equals(Buffer.from(red))).toBe(true);
    expect((await get('/img/tmp:2026:nobody.png')).status).toBe(404);
  });

  it('are seen when they are replaced, and missed when they are gone', async () => {
    await shelf.put('tmp/2026/0.png', blue);
    const seen = (wanted: unknown, look: () => Promise<unknown>) =>
      vi.waitFor(async () => expect(await look()).toEqual(wanted), { timeout: 20_000, interval: 50 });
    await seen('#0000ff', () => colour('/img/tmp:2026:0.png/f_png').catch(() => 'none'));
    await shelf.remove('tmp/2026/0.png');
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

describe('A browser', () => {
  it('stores a picture by a form, and shows it', async () => {
    const server = await startServer({ TINTYPE_STORE: `file:${folder}/data-form` }, folder, built);
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

describe('500 MB', () => {
  const megabyte = Buffer.alloc(1024 * 1024, 7);
  const megabytes = 500;

  async function anonymousMemory(server: ServerProcess): Promise<number> {
    const text = await readFile(`/proc/${server.process.pid}/status`, 'utf8');
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(text)?.[1]) / 1024;
  }

  /** Sends them as fast as they are taken; answers the status and the most anonymous memory on the way, in MB. */
  async function send(server: ServerProcess, method: string, path: string, type: string, head = '', tail = '') {
    const sending = request(server.url + path, { method, headers: { ...authorization, 'content-type': type } });
    const answered = new Promise<number>((resolve, reject) => {
      sending.on('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sending.on('error', reject);
    });
    let most = 0;
    sending.write(head);
    for (let sent = 0; sent < megabytes; sent++) {
      if (!sending.write(megabyte)) await once(sending, 'drain');
      most = Math.max(most, await anonymousMemory(server));
    }
    sending.end(tail);
    return { status: await answered, most };
  }

  it.each([
    ['as bytes', 'PUT', '/originals/big', 'application/octet-stream', '', ''],
    [
      'in a form',
      'POST',
      '/originals',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
      '\r\n--x--\r\n',
    ],
  ])('%s are not held: at most 64 MB of anonymous memory above idle', async (_how, method, path, type, head, tail) => {
    const server = await startServer(
      { TINTYPE_STORE: `file:${folder}/data-big`, TINTYPE_MAX_BYTES: '600MB' },
      folder,
      built,
    );
    try {
      // What the first request loads is not what an upload holds.
      await fetch(`${server.url}/originals/small`, { method: 'PUT', headers: authorization, body: red });
      const idle = await anonymousMemory(server);
      const { status, most } = await send(server, method, path, type, head, tail);
      console.info(`500 MB ${_how}: ${Math.round(idle)} MB idle, ${Math.round(most)} MB at most`);
      // They are no picture, which is only known when they are all there.
      expect(status).toBe(415);
      expect(most - idle).toBeLessThan(64);
    } finally {
      await server.end('SIGTERM');
    }
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';

const shop = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>Shop'));
const authorization = `Bearer ${serverToken}`;

let folder: string;
let server: ServerProcess;
let browser: Browser;
let page: Page;
let picture: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-cors-'));
  server = await startServer({ TINTYPE_STORE: `file:${folder}/data` }, folder, built);
  const bytes = await solid('#ff8800', 300, 200);
  await fetch(`${server.url}/originals/cat`, { method: 'PUT', headers: { authorization }, body: bytes });
  picture = Buffer.from(bytes).toString('base64');
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await browser?.close();
  shop.close();
  await server?.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What a script of the page gets: the answer as far as it may read it, or null where the browser hides it. */
async function ask(path: string, request: Request = {}): Promise<Answer | null> {
  const sent = JSON.stringify({ url: server.url + path, ...request });
  return page.evaluate<Answer | null>(`(async ({ url, body, ...init }) => {
    const bytes = body === undefined ? {} : { body: Uint8Array.from(atob(body), (char) => char.charCodeAt(0)) };
    try {
      const answer = await fetch(url, { ...init, ...bytes });
      const headers = Object.fromEntries(answer.headers);
      return { status: answer.status, headers, text: await answer.text() };
    } catch {
      return null;
    }
  })(${sent})`);
}

async function uploadUrl(limits: object): Promise<string> {
  const body = JSON.stringify(limits);
  const answer = await fetch(`${server.url}/uploads`, { method: 'POST', headers: { authorization }, body });
  return ((await answer.json()) as { url: string }).url;
}

describe('A page of another origin in Chromium', () => {
  it('uploads with a token, and reads the answer and its headers', async () => {
    const url = await uploadUrl({ id: 'avatar' });
    const headers = { 'Content-Type': 'image/png', 'X-Requested-With': 'shop' };
    const stored = await ask(url, { method: 'PUT', headers, body: picture });
    expect(stored?.status).toBe(201);
    expect(JSON.parse(stored?.text ?? '')).toMatchObject({ id: 'avatar', format: 'png' });
    expect(stored?.headers).toMatchObject({ location: '/originals/avatar', etag: expect.stringMatching(/^"/) });
    const again = await ask(url, { method: 'PUT', headers, body: picture });
    expect([again?.status, JSON.parse(again?.text ?? '')]).toMatchObject([410, { code: 'expired' }]);
  });

  it.each<[string, object, string, number, string]>([
    ['too big', { bytes: 100 }, 'A'.repeat(400), 413, 'too-big'],
    ['no picture', {}, 'AAAA', 415, 'not-an-image'],
    ['larger than the token permits', { sides: 10 }, 'picture', 422, 'refused-image'],
  ])('reads why an upload is refused that is %s', async (_what, limits, body, status, code) => {
    const bytes = body === 'picture' ? picture : body;
    const refused = await ask(await uploadUrl(limits), { method: 'PUT', body: bytes });
    expect([refused?.status, JSON.parse(refused?.text ?? '')]).toMatchObject([status, { code }]);
  });

  it('reads a picture and the facts of it, also with a header that needs a preflight', async () => {
    for (const headers of [{}, { 'X-Trace': '1' }]) {
      const shown = await ask('/img/cat/w_20,f_png', { headers });
      expect(shown).toMatchObject({ status: 200, headers: { 'cache-status': expect.stringContaining('tintype') } });
      expect((await ask('/info/cat', { headers }))?.text).toContain('"width":300');
    }
  });

  it('reads and writes nothing that needs a token', async () => {
    expect(await ask('/originals', { headers: { Authorization: authorization } })).toBeNull();
    expect(await ask('/originals/cat', { method: 'DELETE' })).toBeNull();
    expect(await ask('/originals/cat', { method: 'DELETE', headers: { Authorization: authorization } })).toBeNull();
    expect((await fetch(`${server.url}/img/cat/w_20,f_png`)).status).toBe(200);
  });
});

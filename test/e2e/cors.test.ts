import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';

const shopPage = `<!doctype html><meta charset="utf-8"><title>Shop</title>
<p id="drop" style="width:200px;height:100px">Drop a picture here</p>
<form method="post" enctype="multipart/form-data">
<input type="hidden" name="redirect"><input type="file" name="file"><button>Send</button></form>`;
const shop = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(shopPage));
const authorization = `Bearer ${serverToken}`;

let folder: string;
let shopOrigin: string;
let server: ServerProcess;
let browser: Browser;
let page: Page;
let picture: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-cors-'));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  shopOrigin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const settings = { TINTYPE_STORE: `file:${folder}/data`, TINTYPE_CORS: shopOrigin };
  server = await startServer(settings, folder, built);
  const bytes = await solid('#ff8800', 300, 200);
  await fetch(`${server.url}/originals/cat`, { method: 'PUT', headers: { authorization }, body: bytes });
  picture = Buffer.from(bytes).toString('base64');
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage();
  await page.goto(shopOrigin);
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

  it('uploads with progress', async () => {
    const url = await uploadUrl({ id: 'progress' });
    const result = await page.evaluate(`(async (url) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 1200;
      const pixels = canvas.getContext('2d').createImageData(1200, 1200);
      for (let at = 0; at < pixels.data.length; at += 65536) crypto.getRandomValues(pixels.data.subarray(at, at + 65536));
      canvas.getContext('2d').putImageData(pixels, 0, 0);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
      const request = new XMLHttpRequest();
      const seen = [];
      request.upload.onprogress = ({ loaded, total }) => seen.push(loaded / total);
      request.open('PUT', url);
      await new Promise((resolve, reject) => {
        request.onload = resolve;
        request.onerror = reject;
        request.send(blob);
      });
      return { status: request.status, last: seen.at(-1), rising: seen.every((part, at) => at === 0 || part >= seen[at - 1]) };
    })('${server.url}${url}')`);
    expect(result).toEqual({ status: 201, last: 1, rising: true });
  });

  it('sends a plain form without scripts, and comes back to where the form says', async () => {
    const url = await uploadUrl({ id: 'form' });
    await page.evaluate(`((action, redirect) => {
      const form = document.querySelector('form');
      form.action = action;
      form.elements.redirect.value = redirect;
    })('${server.url}${url}', '${shopOrigin}/thanks?id=form')`);
    const file = { name: 'Mein Bild.png', mimeType: 'image/png', buffer: Buffer.from(picture, 'base64') };
    await page.setInputFiles('input[type=file]', file);
    await page.click('button');
    await page.waitForURL(`${shopOrigin}/thanks?id=form`);
    expect((await fetch(`${server.url}/img/form/w_20,f_png`)).status).toBe(200);
  });

  it('sends what is dropped on it', async () => {
    const url = await uploadUrl({ id: 'dropped' });
    const stored = await page.evaluate(`(async (url, text) => {
      const place = document.querySelector('#drop');
      place.ondragover = (event) => event.preventDefault();
      const sent = new Promise((resolve, reject) => {
        place.ondrop = (event) => {
          event.preventDefault();
          const [file] = event.dataTransfer.files;
          fetch(url, { method: 'PUT', body: file }).then((answer) => answer.json()).then(resolve, reject);
        };
      });
      const dataTransfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], 'red.png', { type: 'image/png' }));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        place.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
      return sent;
    })('${server.url}${url}', '${picture}')`);
    expect(stored).toMatchObject({ id: 'dropped', width: 300, height: 200 });
  });

  it('uses token routes where TINTYPE_CORS names its origin', async () => {
    const headers = { Authorization: authorization };
    const listed = await ask('/originals?prefix=cat', { headers });
    expect([listed?.status, listed?.text]).toEqual([200, expect.stringContaining('"id":"cat"')]);
    const minted = await ask('/uploads', {
      body: btoa('{}'),
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
    });
    expect([minted?.status, minted?.headers.location]).toEqual([201, expect.stringMatching(/^\/uploads\//)]);
    expect((await ask('/originals'))?.status).toBe(401);
  });

  it('reads and writes nothing that needs a token where TINTYPE_CORS does not name its origin', async () => {
    await page.goto(shopOrigin.replace('127.0.0.1', 'localhost'));
    expect(await ask('/originals', { headers: { Authorization: authorization } })).toBeNull();
    expect(await ask('/originals/cat', { method: 'DELETE' })).toBeNull();
    expect(await ask('/originals/cat', { method: 'DELETE', headers: { Authorization: authorization } })).toBeNull();
    expect((await fetch(`${server.url}/img/cat/w_20,f_png`)).status).toBe(200);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { drop, seenOn, seriousFaults } from './support/page.ts';

/** Bytes that the first view may take, compressed, beside its pictures. */
const mostBytes = 150_000;

let folder: string;
let server: ServerProcess;
let browser: Browser;
let photo: Buffer;
let context: BrowserContext;
let page: Page;
/** What the page has said and asked for; a refused picture is what some tests want. */
let said: string[];
let asked: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-playground-'));
  server = await startServer({ TINTYPE_STORE: `file:${folder}/data` }, folder, built);
  photo = await drawPhoto(1200, 800, { quality: 90, seed: 5 });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await server?.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  [said, asked] = [[], []];
  context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  page = await open();
});
afterEach(async () => {
  await context.close();
  expect(said).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(`${server.url}/`) && !/^(?:blob|data):/.test(url))).toEqual([]);
});

async function open(): Promise<Page> {
  const opened = await context.newPage();
  opened.on('request', (request) => asked.push(request.url()));
  opened.on('pageerror', (error) => said.push(error.message));
  opened.on('console', (message) => {
    if (!message.text().includes('status of 400')) said.push(message.text());
  });
  return opened;
}

/** As text: the page has other globals than this process, and lets nobody make code of strings later on. */
const read = async <T>(script: string, from = page): Promise<T> => from.evaluate<T>(script);
const eventually = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const control = (word: string) => page.locator(`#controls [data-word="${word}"]`);

const seen = () => seenOn(page);
const faultsOf = () => seriousFaults(page);

async function giveToken(): Promise<void> {
  await page.locator('#token-dialog[open]').waitFor();
  await page.fill('#token', serverToken);
  await page.keyboard.press('Enter');
}

async function upload(name: string): Promise<string> {
  await page.setInputFiles('#files', [{ name, mimeType: 'image/jpeg', buffer: photo }]);
  const isAsked = `document.querySelector('#token-dialog[open]') !== null`;
  const isThere = `document.querySelector('#uploads progress')?.value === 1`;
  await eventually(async () => expect(await read<boolean>(`${isAsked} || ${isThere}`)).toBe(true));
  if (await read<boolean>(isAsked)) await giveToken();
  await page.locator('#uploads button').waitFor();
  const id = (await page.locator('#uploads button').textContent()) ?? '';
  await eventually(async () => expect([await page.inputValue('#id'), (await seen()).width]).toEqual([id, 1200]));
  return id;
}

describe('A newcomer', () => {
  it('opens the page, drops a photo, copies an <img>, and sees it in a page', async () => {
    await page.goto(server.url);
    await eventually(async () => expect((await seen()).width).toBe(1600));
    await drop(page, 'Our-lake.jpg', photo);
    await giveToken();
    await eventually(async () => expect(await page.inputValue('#id')).toBe('Our-lake.jpg'));
    await control('w').locator('input').first().fill('300');
    await control('f').locator('select').selectOption('webp');
    await eventually(async () => expect((await seen()).width).toBe(300));
    await page.getByRole('button', { name: 'Copy <img>' }).click();
    const html = await eventually(async () => {
      const text = await read<string>('navigator.clipboard.readText()');
      expect(text).toMatch(
        /^<img src="http\S+\/img\/Our-lake\.jpg\/w_300,f_webp\/Our-lake\S*\.webp" width="300" height="200" alt="">$/,
      );
      return text;
    });
    const other = await open();
    await other.setContent(html);
    const sides = 'const { naturalWidth, naturalHeight } = document.images[0]; [naturalWidth, naturalHeight]';
    await eventually(async () => expect(await read(sides, other)).toEqual([300, 200]));
  });
});

describe('The playground', () => {
  it('shows what a control does, pixel by pixel, and what it costs', async () => {
    await page.goto(server.url);
    await upload('change.jpg');
    const before = await seen();
    await control('e').locator('select').selectOption('negate');
    await eventually(async () => expect((await seen()).colour).not.toEqual(before.colour));
    const { colour } = await seen();
    for (const [at, value] of before.colour.entries())
      expect(Math.abs(255 - value - (colour[at] ?? 0))).toBeLessThan(12);
    await expect(page.textContent('#figures')).resolves.toMatch(
      /kB \(\d+ % of the original\) · 1200 × 800 · jpg · quality default · from render in \d+ ms/,
    );
    await page.getByRole('button', { name: 'Remove negate' }).click();
    await eventually(async () => expect(await seen()).toEqual(before));
  });

  it('has a control for every word and every effect of the catalogue', async () => {
    await page.goto(server.url);
    await eventually(async () => expect((await seen()).width).toBe(1600));
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      readonly 'x-words': readonly { readonly key: string }[];
      readonly 'x-effects': readonly { readonly name: string }[];
    };
    const words = await read<string[]>(
      `[...document.querySelectorAll('#fields > details > .field')].map((field) => field.dataset.word)`,
    );
    expect(words.toSorted()).toEqual(document['x-words'].map(({ key }) => key).toSorted());
    const effects = await read<string[]>(
      `[...document.querySelectorAll('#add-effect option')].map(({ value }) => value).filter(Boolean)`,
    );
    expect(effects).toEqual(document['x-effects'].map(({ name }) => name));
  });

  it('shows a 400 at the control it speaks of, and takes it back', async () => {
    await page.goto(`${server.url}/#sample/w_300`);
    await eventually(async () => expect((await seen()).width).toBe(300));
    await control('q').locator('input').first().fill('101');
    await control('g').locator('select').selectOption('north');
    const complaints = () =>
      read<string[]>(
        `[...document.querySelectorAll('.field.wrong > .complaint')].map((one) => one.parentElement.dataset.word + ' ' + one.textContent)`,
      );
    await eventually(async () =>
      expect(await complaints()).toEqual([
        expect.stringMatching(/^g Expected .* c_fill/),
        expect.stringMatching(/^q Expected an integer from 1 to 100.* “101”/),
      ]),
    );
    await expect(control('q').locator('input').first().getAttribute('aria-invalid')).resolves.toBe('true');
    await control('q').locator('input').first().fill('10');
    await control('g').locator('select').selectOption('');
    await eventually(async () => expect([await complaints(), await page.isVisible('#trouble')]).toEqual([[], false]));
  });

  it('saves a focal point that was clicked with the original', async () => {
    await page.goto(server.url);
    const id = await upload('focus.jpg');
    await page.check('input[name=tool][value=focus]');
    const box = await page.locator('#before').boundingBox();
    await page.locator('#stage').click({ position: { x: (box?.width ?? 0) / 4, y: (box?.height ?? 0) / 2 } });
    await page.click('#focus-save');
    await eventually(async () => expect((await seen()).width).toBe(800));
    const stored = await fetch(`${server.url}/originals/${id}/info`, {
      headers: { authorization: `Bearer ${serverToken}` },
    });
    const { focalPoint } = (await stored.json()) as { readonly focalPoint: readonly number[] };
    expect(Math.abs((focalPoint[0] ?? 0) - 0.25)).toBeLessThan(0.01);
    expect(await page.textContent('#code code')).toContain('g_custom');
  });

  it('crops what was dragged, in pixels of the original', async () => {
    await page.goto(`${server.url}/#sample`);
    await eventually(async () => expect((await seen()).width).toBe(1600));
    await page.check('input[name=tool][value=crop]');
    const { x, y, width, height } = (await page.locator('#before').boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    };
    await page.mouse.move(x + width / 4, y + height / 4);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.move(x + (3 * width) / 4, y + height / 2);
    await page.mouse.up();
    await eventually(async () => {
      const { width, height } = await seen();
      expect([Math.abs(width - 800) < 8, Math.abs(height - 300) < 8]).toEqual([true, true]);
    });
  });

  it('lays text over a picture in a step of its own, whatever characters it holds', async () => {
    await page.goto(`${server.url}/#sample/w_400,f_png`);
    await eventually(async () => expect((await seen()).width).toBe(400));
    const before = await read<string>(`document.querySelector('#after').src`);
    await page.getByRole('button', { name: '+ step' }).click();
    await page.locator('#fields summary', { hasText: 'Layer' }).click();
    await control('l').locator('input').fill('text:DejaVu Sans_90_bold:Hi, a/b: 100 %');
    await eventually(async () => {
      expect(await page.textContent('#code code')).toMatch(
        /\/w_400,f_png\/l_text:DejaVu%20Sans_90_bold:b64:[\w-]+\/sample\.png$/,
      );
      expect([await read(`document.querySelector('#after').src`), (await seen()).width]).toEqual([
        expect.not.stringMatching(before),
        400,
      ]);
    });
  });

  it('explains and purges', async () => {
    await page.goto(server.url);
    await upload('explain.jpg');
    await page.click('#explain');
    await eventually(async () =>
      expect(await page.textContent('#inspection')).toMatch(/Canonical\/img\/explain.*Tiermemory/),
    );
    await page.click('#purge');
    await eventually(async () =>
      expect(await page.textContent('#notice')).toMatch(/^Purged explain\.jpg: [1-9]\d* in memory/),
    );
    await eventually(async () => expect(await page.textContent('#figures')).toMatch(/from render/));
  });

  it('finds stored pictures by how they begin', async () => {
    await page.goto(server.url);
    await upload('zebra.jpg');
    await page.click('#browse');
    await page.locator('#found button').nth(1).waitFor();
    expect(await faultsOf()).toEqual([]);
    await page.getByLabel('Begins with').fill('sam');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await page.locator('#found strong').allTextContents()).toEqual(['sample']));
    await page.locator('#found button').click();
    await eventually(async () => expect(await page.inputValue('#id')).toBe('sample'));
  });

  it('keeps the token in its memory alone, and asks again where it is wrong', async () => {
    await page.goto(server.url);
    await page.click('#explain');
    await page.fill('#token', 'not-the-token-of-it');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await page.textContent('#token-why')).toContain('does not open'));
    said = said.filter((text) => !text.includes('status of 401'));
    await giveToken();
    await page.locator('#inspection').waitFor();
    expect(
      await read(
        '[localStorage.length, sessionStorage.length, document.cookie, document.querySelector("#token").value, location.href.includes("token")]',
      ),
    ).toEqual([0, 0, '', '', false]);
  });

  it.each([
    ['light', 1400],
    ['dark', 1400],
    ['light', 390],
    ['dark', 390],
  ] as const)('has no serious fault of accessibility: %s, %i pixels wide', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${server.url}/#sample/w_300,e_sepia,q_101`);
    await page.locator('.field.wrong').first().waitFor();
    await read(`document.querySelectorAll('details').forEach((one) => { one.open = true; })`);
    expect(await faultsOf()).toEqual([]);
    const overflow = await read<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.click('#explain');
    await page.locator('#token-dialog[open]').waitFor();
    expect(await faultsOf()).toEqual([]);
  });

  it('is worked by keys alone', async () => {
    await page.goto(`${server.url}/#sample`);
    await eventually(async () => expect((await seen()).width).toBe(1600));
    await control('w').locator('input').first().focus();
    await page.keyboard.type('200');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await eventually(async () => expect((await seen()).width).toBe(201));
  });

  it(`takes at most ${mostBytes} bytes beside its pictures, all from here`, async () => {
    await page.goto(server.url);
    await eventually(async () => expect((await seen()).width).toBe(1600));
    const files = asked
      .map((url) => new URL(url).pathname)
      .filter((path) => path === '/' || path.startsWith('/playground/'));
    expect(files.length).toBeGreaterThan(10);
    const sizes = files.map(async (path) => {
      const answer = await fetch(server.url + path, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
      expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, 'gzip']);
      return Number(answer.headers.get('content-length'));
    });
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(5000);
    expect(total).toBeLessThanOrEqual(mostBytes);
  });

  it('offers nothing that writes where it is read-only', async () => {
    const closed = await startServer(
      { TINTYPE_STORE: `file:${folder}/closed`, TINTYPE_PLAYGROUND: 'read-only' },
      folder,
      built,
    );
    try {
      await page.goto(closed.url);
      await eventually(async () => expect((await seen()).width).toBe(1600));
      expect([await page.isVisible('#choose'), await page.isVisible('#purge'), await page.isVisible('#mode')]).toEqual([
        false,
        false,
        true,
      ]);
      await drop(page, 'no.jpg', await sharp(photo).resize(20).jpeg().toBuffer());
      expect(await page.isVisible('#token-dialog')).toBe(false);
    } finally {
      asked = asked.filter((url) => !url.startsWith(closed.url));
      await closed.end('SIGTERM');
    }
  });
});

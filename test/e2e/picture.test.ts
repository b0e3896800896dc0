import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';

const authorization = { authorization: `Bearer ${serverToken}` };
const alt = '"><script>document.title = "taken over"</script><img src=x onerror=\'document.title = "taken over"\'>';

let folder: string;
let server: ServerProcess;
let browser: Browser;
let photo: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-picture-'));
  server = await startServer({ TINTYPE_STORE: `file:${folder}/data` }, folder, built);
  photo = new Uint8Array(await drawPhoto(1500, 1000, { quality: 90, seed: 3 }));
  await fetch(`${server.url}/originals/photo`, { method: 'PUT', body: photo, headers: authorization });
  await fetch(`${server.url}/originals/photo`, {
    method: 'PATCH',
    body: JSON.stringify({ metadata: { alt } }),
    headers: authorization,
  });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await server?.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

interface Picture {
  readonly html: string;
  readonly sources: readonly { readonly type: string; readonly srcset: string }[];
}

interface Shown {
  readonly current: string;
  readonly alt: string;
  readonly width: number;
  readonly background: string;
  readonly title: string;
  readonly middle: readonly number[];
}

async function pictureOf(query: string): Promise<Picture> {
  return (await (await fetch(`${server.url}/picture/photo${query}`)).json()) as Picture;
}

/** What a real browser makes of the HTML, on a screen of this density, in a column of 400 CSS pixels. */
async function show(
  html: string,
  density: number,
): Promise<{ readonly shown: Shown; readonly asked: readonly string[] }> {
  const page = await browser.newPage({ deviceScaleFactor: density, viewport: { width: 800, height: 600 } });
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'image' && request.url().startsWith('http'))
      asked.push(new URL(request.url()).pathname);
  });
  try {
    await page.goto(`${server.url}/livez`);
    await page.setContent(`<style>img { width: 400px; height: auto }</style>${html}`);
    // As text: a page has other globals than this process.
    const shown = await page.evaluate<Shown>(`(async () => {
      const image = document.querySelector('img');
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0, 1, 1);
      return {
        current: new URL(image.currentSrc).pathname,
        alt: image.alt,
        width: image.getBoundingClientRect().width,
        background: getComputedStyle(image).backgroundImage.slice(0, 27),
        title: document.title,
        middle: [...context.getImageData(0, 0, 1, 1).data],
      };
    })()`);
    return { shown, asked };
  } finally {
    await page.close();
  }
}

const candidatesOf = ({ sources }: Picture) =>
  sources[0]?.srcset.split(', ').map((one) => one.split(' ')[0] ?? '') ?? [];

describe('The HTML of /picture in Chromium', () => {
  it.each([
    [1, 400],
    [2, 800],
  ])('at a density of %i loads the candidate of %i pixels as AVIF, and nothing else', async (density, width) => {
    const picture = await pictureOf('?sizes=400px&widths=200,400,800,1200');
    const expected = candidatesOf(picture).find((url) => url.includes(`w_${width}/`));
    const { shown, asked } = await show(picture.html, density);
    expect(expected).toMatch(/\/f_avif,v_\w{8},w_\d+\/photo\.avif$/);
    expect([shown.current, asked]).toEqual([expected, [expected]]);
    expect(shown.width).toBe(400);
    expect(shown.background).toContain('url("data:image/webp;base64');
  });

  it('shows the picture, and its measured widths lead to sharp ones', async () => {
    const picture = await pictureOf('?sizes=400px');
    const { channels } = await sharp(photo).stats();
    for (const density of [1, 2]) {
      const { shown } = await show(picture.html, density);
      expect(candidatesOf(picture)).toContain(shown.current);
      expect(Number(/w_(\d+)/.exec(shown.current)?.[1])).toBeGreaterThanOrEqual(0.75 * 400 * density);
      // One pixel of canvas says little of where things are, but a picture that is not there is black.
      expect(shown.middle[3]).toBe(255);
      expect(Math.abs((shown.middle[1] ?? 0) - (channels[1]?.mean ?? 0))).toBeLessThan(60);
    }
  });

  it('says what its owner says of it, and runs none of it', async () => {
    const { shown } = await show((await pictureOf('')).html, 1);
    expect([shown.alt, shown.title]).toEqual([alt, '']);
  });
});

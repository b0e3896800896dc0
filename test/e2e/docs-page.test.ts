import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, type ServerProcess, startServer } from '../support/server-process.ts';
import { seriousFaults } from './support/page.ts';

describe('The reference in a browser', () => {
  let folder: string;
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-docs-'));
    server = await startServer({ TINTYPE_STORE: `file:${folder}/data` }, folder, built);
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)(
    'keeps nobody out, in %s and %i pixels wide, and asks nobody else for anything',
    async (colorScheme, width) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const [asked, said]: [string[], string[]] = [[], []];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      await page.goto(`${server.url}/docs`);
      expect(await page.title()).toBe('Tintype reference');
      expect(await seriousFaults(page)).toEqual([]);
      // Tables scroll, the page does not.
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      await page.click('nav a[href="#requests"]');
      expect(await page.evaluate<string>('location.hash')).toBe('#requests');
      await page.click('#shape-Receipt summary');
      expect(await page.locator('#shape-Receipt pre').isVisible()).toBe(true);
      expect([said, asked.filter((url) => !url.startsWith(`${server.url}/`))]).toEqual([[], []]);
      expect(asked.length).toBeGreaterThan(2);
      await context.close();
    },
  );
});

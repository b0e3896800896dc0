import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failures } from '../../src/errors.ts';
import { formats } from '../../src/formats/index.ts';
import { schemas } from '../../src/http/openapi/schemas.ts';
import { effectNames } from '../../src/transform/params/effects/index.ts';
import { keys } from '../../src/transform/params/index.ts';
import { header, type Running, startTintype } from '../support/tintype.ts';

describe('The reference at /docs', () => {
  let server: Running;
  let page: string;
  let policy: string;
  beforeAll(async () => {
    server = await startTintype({ TINTYPE_PRESETS: '{"tiny":"w_10,l_text:DejaVu%20Sans_9:a&b"}' });
    const answer = await server.get('/docs');
    policy = header(answer, 'content-security-policy');
    page = await answer.text();
  });
  afterAll(() => server.close());

  it('tells every word, effect, format, preset, refusal and shape', () => {
    const told = [
      ...keys.map((key) => `${key}_`),
      ...effectNames.map((name) => `e_${name}`),
      ...Object.keys(formats).map((name) => `f_${name}`),
      'tiny',
      ...Object.keys(failures),
    ];
    for (const word of told)
      expect([word, page.includes(`<th scope="row"><code>${word}</code></th>`)]).toEqual([word, true]);
    for (const name of Object.keys(schemas)) expect(page).toContain(`id="shape-${name}"`);
  });

  it('tells every request that the OpenAPI document tells', async () => {
    const document = (await (await server.get('/openapi.json')).json()) as { readonly paths: Record<string, object> };
    const titles = [...page.matchAll(/<article aria-label="([^"]+)">/g)].map(([, title]) => title ?? '');
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations)) {
        const found = titles.some((title) => title.includes(method.toUpperCase()) && title.split(' ').includes(path));
        expect([method, path, found]).toEqual([method, path, true]);
      }
    }
  });

  it('links to nothing that is not there', () => {
    const anchors = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !anchors.has(id))).toEqual([]);
    expect(links.length).toBeGreaterThan(20);
  });

  it('escapes what is configured, runs nothing, and loads nothing from elsewhere', () => {
    expect(page).toContain('a&amp;b');
    expect(page).not.toMatch(/<script|<style|\son\w+=|\sstyle=|(?:src|href)="(?:https?:|\/\/)/);
    expect(policy).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('is revalidated, and is not there where the playground is not', async () => {
    const etag = header(await server.get('/docs'), 'etag');
    expect((await server.get('/docs', { 'if-none-match': etag })).status).toBe(304);
    const closed = await startTintype({ TINTYPE_PLAYGROUND: 'false' });
    expect((await closed.get('/docs')).status).toBe(404);
    await closed.close();
  });
});

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extensionCache } from '../support/extension-cache.ts';
import { header, type Running, startTintype, withToken } from '../support/tintype.ts';

let server: Running;
const printed = new Set<string>();

/** Everything in a text that looks like an image's URL. */
const urlsIn = (text: string) =>
  [...text.replaceAll('\\', '').matchAll(/\/img\/[^\s"'>;]+[^\s"'>;,]/g)].map(([url]) => url);

beforeAll(async () => {
  server = await startTintype({ TINTYPE_PRESETS: '{"hero":"f_auto,w_64"}' });
  const told = [
    await server.send('PUT', '/originals/cat?eager=thumb;w_40,f_webp', {
      headers: withToken,
      body: new Uint8Array(await readFile('fixtures/sample.jpg')),
    }),
    await server.get('/originals/cat/info', withToken),
    await server.get('/originals', withToken),
    await server.get('/picture/cat'),
    await server.get('/info/cat/w_50'),
    await server.get('/img/cat/w_41,f_png'),
    await server.get('/originals/cat/variants/medium'),
  ];
  for (const answer of told) {
    const text = `${await answer.text()} ${header(answer, 'link')} ${header(answer, 'location')}`;
    for (const url of urlsIn(text)) printed.add(url);
  }
  // What words are put behind is no picture's name; and what leaves the format open has no extension to end in.
  printed.delete('/img/cat');
});
afterAll(() => server.close());

describe('A cache that goes by extensions and does not look at Vary', () => {
  it('keeps every URL that we print', () => {
    const cache = extensionCache(server);
    expect(printed.size).toBeGreaterThan(8);
    expect([...printed].filter((url) => !cache.keeps(url))).toEqual([]);
  });

  it('shows everybody the right picture under every URL that we print', async () => {
    const cache = extensionCache(server);
    for (const url of printed) {
      await cache.get(url, 'image/avif,image/webp,*/*');
      const shown = await cache.get(url, 'image/png');
      const direct = await server.get(url, { accept: 'image/png' });
      expect(shown, url).toMatchObject({ hit: true, type: header(direct, 'content-type') });
      expect(Buffer.from(shown.bytes).equals(Buffer.from(await direct.arrayBuffer())), url).toBe(true);
    }
  });

  it('is right about f_auto only as a bypass, which the rules we print make of it', async () => {
    const cache = extensionCache(server);
    await cache.get('/img/cat/f_auto,w_64/cat.jpg', 'image/avif');
    expect(await cache.get('/img/cat/f_auto,w_64/cat.jpg', 'image/png')).toMatchObject({ type: 'image/avif' });
    const { rules } = (await (await server.get('/cdn/cloudflare', withToken)).json()) as {
      rules: readonly { expression: string; action_parameters: { cache: boolean } }[];
    };
    expect(rules[0]).toMatchObject({ action_parameters: { cache: false } });
    for (const word of ['f_auto', 'hero', '%']) expect(rules[0]?.expression).toContain(`contains "${word}"`);
  });
});

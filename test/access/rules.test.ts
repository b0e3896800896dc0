import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';
import { keys, signed } from './signing.ts';

let running: Running | null = null;
afterEach(async () => {
  await running?.close();
  running = null;
});

async function start(environment: Readonly<Record<string, string>>): Promise<Running> {
  running = await startTintype({ TINTYPE_WORKERS: 'none', ...environment });
  expect((await running.put('cat', await solid('#ff8800'))).status).toBe(201);
  return running;
}

describe('Threat E3: presets only', () => {
  it('one preset is answered, with a version and a file name', async () => {
    const server = await start({ TINTYPE_PRESETS_ONLY: 'true' });
    const { version } = (await (await server.get('/originals/cat/info', withToken)).json()) as { version: string };
    for (const words of ['thumb', 't_thumb', 'thumb/cat.webp', `thumb,v_${version.slice(0, 8)}`]) {
      const answer = await server.get(`/img/cat/${words}`);
      expect([words, answer.status, answer.headers.has('link')]).toEqual([words, 200, false]);
    }
  });

  it('everything else is a 403 before it is read and before anything is looked for', async () => {
    const server = await start({ TINTYPE_PRESETS_ONLY: 'true' });
    const others = [
      '',
      '/w_9',
      '/thumb,w_9',
      '/thumb/w_9',
      '/thumb/large',
      '/t_thumb.large',
      '/nosuch',
      '/w_0',
      '/f_orig',
      '/thumb,thumb',
      '/cat.webp',
      '/thumb,d_cat',
      '/thumb/thumb/cat.webp',
      '/__proto__',
      '/constructor',
    ];
    for (const words of others) {
      const answer = await server.get(`/img/cat${words}`);
      expect([words, answer.status, header(answer, 'cache-control')]).toEqual([words, 403, 'public, max-age=60']);
    }
    expect((await server.get('/img/nobody/w_9')).status).toBe(403);
    expect((await server.send('HEAD', '/img/cat/w_9')).status).toBe(403);
    expect((await server.get('/img/nobody/thumb')).status).toBe(404);
  });
});

describe('On trial', () => {
  it('nothing is refused, and all that would be is counted and listed by referrer', async () => {
    const server = await start({
      TINTYPE_PRESETS_ONLY: 'true',
      TINTYPE_WIDTHS: 'list:40,80',
      TINTYPE_SIGNING_KEYS: keys[0],
      TINTYPE_REPORT_ONLY: 'signing,presets,widths',
    });
    const from = { referer: 'https://shop.example/page?secret=1' };
    for (let time = 0; time < 3; time++) expect((await server.get('/img/cat/w_9,f_webp', from)).status).toBe(200);
    expect((await server.get('/img/cat/f_webp,w_9')).status).toBe(200);
    expect((await server.get(signed('cat', 'thumb'))).status).toBe(200);
    expect((await server.get('/report')).status).toBe(401);
    const report = (await (await server.get('/report', withToken)).json()) as Record<string, unknown>;
    expect(report).toMatchObject({
      rules: ['signing', 'presets', 'widths'],
      counts: { signing: 4, presets: 4, widths: 4 },
      presets: { 'x-f-webp-w-9': 'f_webp,w_9' },
    });
    const shop = { referrer: 'https://shop.example', count: 3, example: '/img/cat/w_9,f_webp' };
    expect(report['refused']).toEqual(
      expect.arrayContaining([
        { rule: 'signing', words: null, ...shop },
        { rule: 'presets', words: 'f_webp,w_9', ...shop },
        { rule: 'widths', words: 'f_webp,w_9', ...shop },
        { rule: 'presets', words: 'f_webp,w_9', referrer: null, count: 1, example: '/img/cat/f_webp,w_9' },
      ]),
    );
    expect(JSON.stringify(report)).not.toContain('secret');
    const proposed = JSON.stringify(report['presets']);
    expect(() => readConfig({ TINTYPE_PRESETS: proposed })).not.toThrow();
  });

  it('the list of what is met stays short', async () => {
    const server = await start({ TINTYPE_WIDTHS: 'list:40', TINTYPE_REPORT_ONLY: 'widths' });
    for (let page = 0; page < 1100; page++) await server.get('/img/cat/w_9', { referer: `https://${page}.example/` });
    const report = (await (await server.get('/report', withToken)).json()) as {
      refused: readonly unknown[];
      counts: unknown;
    };
    expect([report.refused.length, report.counts]).toEqual([1000, { signing: 0, presets: 0, widths: 1100 }]);
  });

  it('a rule that is not on trial refuses all the same', async () => {
    const server = await start({
      TINTYPE_PRESETS_ONLY: 'true',
      TINTYPE_WIDTHS: 'list:40',
      TINTYPE_REPORT_ONLY: 'presets',
    });
    expect((await server.get('/img/cat/w_40')).status).toBe(200);
    expect((await server.get('/img/cat/w_41')).status).toBe(403);
  });
});

describe('Stored bytes', () => {
  const asked = async (server: Running, path: string, headers: Record<string, string> = {}) => {
    const answer = await server.get(path, headers);
    return [answer.status, header(answer, 'cache-control').split(',')[0]];
  };

  it('are for tokens alone while originals are private', async () => {
    const server = await start({});
    expect(await asked(server, '/img/cat/f_orig')).toEqual([403, 'public']);
    expect(await asked(server, '/img/cat/f_orig', withToken)).toEqual([200, 'private']);
    expect(await asked(server, '/originals/cat')).toEqual([401, 'no-store']);
    expect(await asked(server, '/originals/cat', withToken)).toEqual([200, 'private']);
  });

  it('are for everybody where originals are public: the very bytes, with ranges and a strong tag', async () => {
    const server = await start({ TINTYPE_ORIGINALS: 'public' });
    const bytes = await solid('#ff8800');
    const answer = await server.get('/img/cat/f_orig');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    expect(header(answer, 'etag')).toMatch(/^"[0-9a-f]{64}"$/);
    expect(header(answer, 'cache-control')).toBe(
      'public, max-age=60, s-maxage=3600, stale-while-revalidate=86400, stale-if-error=604800',
    );
    expect([header(answer, 'cache-tag'), header(answer, 'x-content-type-options')]).toEqual(['img:cat', 'nosniff']);
    const part = await server.get('/img/cat/f_orig', { range: 'bytes=0-9' });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    expect((await server.get('/img/cat/f_orig', { 'if-none-match': header(answer, 'etag') })).status).toBe(304);
    expect((await server.send('HEAD', '/img/cat/f_orig')).headers.get('content-length')).toBe(String(bytes.byteLength));
    expect((await server.get('/originals/cat')).status).toBe(200);
    expect((await server.get('/img/nobody/f_orig')).status).toBe(404);
    expect((await server.get('/originals')).status).toBe(401);
  });

  it('are for signed URLs where originals are signed, and trying signatures out does not open them', async () => {
    const server = await start({
      TINTYPE_ORIGINALS: 'signed',
      TINTYPE_SIGNING_KEYS: keys[0],
      TINTYPE_REPORT_ONLY: 'signing',
    });
    expect((await server.get(signed('cat', 'f_orig'))).status).toBe(200);
    expect((await server.get('/img/cat/f_orig')).status).toBe(403);
    expect((await server.get(signed('cat', 'f_orig', keys[1]))).status).toBe(403);
    expect((await server.get('/originals/cat')).status).toBe(401);
  });

  it('cannot be for signed URLs without keys', () => {
    expect(() => readConfig({ TINTYPE_ORIGINALS: 'signed' })).toThrow(
      'TINTYPE_ORIGINALS=signed needs keys; set TINTYPE_SIGNING_KEYS',
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../access/signing.ts';
import { header, type Running, solid, startTintype } from '../support/tintype.ts';

let server: Running;

beforeAll(async () => {
  server = await startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_WORKERS: 'none' });
  await server.put('cat', await solid('#ff8800', 40, 30));
  await server.put('hats:blue', await solid('#0000ff', 40, 30));
});
afterAll(() => server.close());

const refused = async (path: string) => {
  const answer = await server.get(path);
  const { suggestion = null, detail } = (await answer.json()) as { suggestion?: string; detail: string };
  return { answer, suggestion, detail };
};

describe('A URL as a beginner writes it is answered with the right one:', () => {
  it.each([
    ['/img/cat/h-250', '/img/cat/h_250'],
    ['/img/cat/h250,w300', '/img/cat/h_250,w_300'],
    ['/img/cat/Width_640px', '/img/cat/w_640'],
    ['/img/cat/640x', '/img/cat/w_640'],
    ['/img/cat/w_640&h_480', '/img/cat/h_480,w_640'],
    ['/img/cat/quality=75,format=webp', '/img/cat/f_webp,q_75'],
    ['/img/cat/fit=cover,w=80,h=60', '/img/cat/c_fill,h_60,w_80'],
    ['/img/cat/g_north,h_60,w_80', '/img/cat/c_fill,g_north,h_60,w_80'],
    ['/img/cat/c_fill,g_top-left,h_60,w_80', '/img/cat/c_fill,g_north_west,h_60,w_80'],
    ['/img/cat/background_%23ff0000,c_pad,h_60,w_80', '/img/cat/b_ff0000,c_pad,h_60,w_80'],
    ['/img/cat/sepia', '/img/cat/e_sepia'],
    ['/img/cat/e_pixellate_9', '/img/cat/e_pixelate:9'],
    ['/img/cat/angle=270deg', '/img/cat/a_270'],
    ['/img/cat/mediun', '/img/cat/medium'],
    ['/img/cat/h_480.png', '/img/cat/h_480/cat.png'],
    ['/img/cat/large.webp', '/img/cat/large/cat.webp'],
    ['/img/cat/widht_640/cat.webp', '/img/cat/w_640/cat.webp'],
    ['/img/cat//h_480/', '/img/cat/h_480'],
    ['/img/cat?height=480&utm_source=x', '/img/cat/h_480'],
    ['/img/h_480,w_640/hats/blue', '/img/hats:blue/h_480,w_640'],
    ['/img/hats/blue/h_480', '/img/hats:blue/h_480'],
    ['/img/CAT/h_48', '/img/cat/h_48'],
    ['/img/cat.png/h_48', '/img/cat/h_48'],
    ['/img/cat.png', '/img/cat/cat.png'],
    ['/img/hats/green.png', '/img/hats:green.png'],
    ['/photos/cat/h_48', '/img/cat/h_48'],
  ])('%s: %s', async (path, right) => {
    const { answer, suggestion } = await refused(path);
    expect([answer.status >= 400 && answer.status <= 404, suggestion]).toEqual([true, right]);
    expect(header(answer, 'link')).toBe(`<${right}>; rel="alternate"`);
    if (!right.includes('green')) expect((await server.get(right)).status).toBe(200);
  });

  it.each([
    ['/img/cat/w_640,w_480', 'only once'],
    ['/img/cat/f_bitmap', 'one of auto, jpg, png'],
    ['/img/http://example.org/b.png', 'TINTYPE_FETCH'],
    ['/img/dog', 'No original has the id'],
    ['/img/cat/w_9999', 'an integer from 1 to 8192'],
    ['/nowhere', 'No such route'],
  ])('%s has a sentence alone', async (path, sentence) => {
    const { answer, suggestion, detail } = await refused(path);
    expect([suggestion, header(answer, 'link')]).toEqual([null, '']);
    expect(detail).toContain(sentence);
  });
});

describe('A refusal of an image', () => {
  it('says its first sentence in a header of printable ASCII, and depends on Accept', async () => {
    const { answer } = await refused('/img/cat/w_%C3%A4,zz_1');
    expect(header(answer, 'tintype-error')).toMatch(/^Expected an integer[ -~]*%C3%A4[ -~]*$/);
    expect(header(answer, 'vary')).toBe('Accept');
    expect(
      header((await refused(`/img/cat/w_${'9'.repeat(900)}`)).answer, 'tintype-error')?.length,
    ).toBeLessThanOrEqual(256);
  });

  it('is a page for a client that names text/html: the wrong part is marked, the right URL is a link', async () => {
    const answer = await server.get('/img/cat/h-250', { Accept: 'text/html,*/*;q=0.8' });
    expect([answer.status, header(answer, 'content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(header(answer, 'content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const page = await answer.text();
    expect(page).toContain('/img/cat/<mark>h-250</mark>');
    expect(page).toContain('<a href="/img/cat/h_250">');
    const hostile = await server.get('/img/cat/w_<script>"', { Accept: 'text/html' });
    expect(await hostile.text()).not.toContain('<script>');
  });

  it.each(['image/avif,*/*', '*/*', 'text/*', 'text/html;q=0', ''])('is JSON for Accept: %s', async (Accept) => {
    expect(header(await server.get('/img/cat/h-250', { Accept }), 'content-type')).toBe('application/problem+json');
  });
});

describe('Nothing is suggested', () => {
  it.each([
    ['signing keys', { TINTYPE_SIGNING_KEYS: keys[0] ?? '' }, ['/img/cat/h-250', '/img/CAT']],
    ['presets alone', { TINTYPE_PRESETS_ONLY: 'true' }, ['/img/cat/h-250', '/img/CAT/thumb', '/photos/cat/h_48']],
  ])('with %s', async (_what, environment, paths) => {
    const strict = await startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_WORKERS: 'none', ...environment });
    await strict.put('cat', await solid('#ff8800', 40, 30));
    for (const path of paths) {
      const answer = await strict.get(path);
      expect([answer.status >= 400, header(answer, 'link'), await answer.text()]).toEqual([
        true,
        '',
        expect.not.stringContaining('suggestion'),
      ]);
    }
    await strict.close();
  });
});

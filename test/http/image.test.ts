import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, middle, type Running, sizeOf, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;

beforeAll(async () => {
  server = await startTintype();
  await server.put('cat', await solid('#ff8800', 1000, 600));
});
afterAll(() => server.close());

const json = { ...withToken, 'content-type': 'application/json' };

describe('An image', () => {
  it('is rendered once, then comes from memory, and after a restart from the bucket', async () => {
    const first = await server.get('/img/cat/w_400,f_webp');
    expect(first.status).toBe(200);
    expect(await sizeOf(first)).toEqual([400, 240, 'image/webp']);
    expect(header(first, 'cache-status')).toBe('tintype; fwd=miss; stored; detail=render');
    const second = await server.get('/img/cat/w_400,f_webp');
    expect(header(second, 'cache-status')).toBe('tintype; hit; detail=memory');
    server = await server.restart();
    const third = await server.get('/img/cat/w_400,f_webp');
    expect(header(third, 'cache-status')).toBe('tintype; hit; detail=bucket');
    expect(header(third, 'etag')).toBe(header(first, 'etag'));
    expect(await sizeOf(third)).toEqual([400, 240, 'image/webp']);
  });

  it('has one ETag and one render however it is spelled', async () => {
    const spellings = [
      'w_310,f_webp',
      'f_webp,w_310',
      'w_310/cat.webp',
      'c_limit,w_310,dpr_1,f_webp',
      'w_155,dpr_2,f_webp',
      'w_0.31,f_webp',
    ];
    const answers = await Promise.all(spellings.map((words) => server.get(`/img/cat/${words}`)));
    expect(new Set(answers.map((answer) => header(answer, 'etag'))).size).toBe(1);
    const renders = answers.filter(
      (answer) =>
        header(answer, 'cache-status').includes('fwd=miss') && !header(answer, 'cache-status').includes('collapsed'),
    );
    expect(renders).toHaveLength(1);
  });

  it('is never enlarged by w alone, so two widths beyond it are one picture', async () => {
    const [a, b] = await Promise.all([server.get('/img/cat/w_5000'), server.get('/img/cat/w_5001')]);
    expect(header(a, 'etag')).toBe(header(b, 'etag'));
    expect(await sizeOf(a)).toEqual([1000, 600, 'image/png']);
  });

  it('is rendered once for a hundred who ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => server.get('/img/cat/w_77,f_webp')));
    const states = answers.map((answer) => header(answer, 'cache-status'));
    expect(states.filter((state) => state === 'tintype; fwd=miss; stored; detail=render')).toHaveLength(1);
    expect(states.filter((state) => state === 'tintype; fwd=miss; collapsed; stored; detail=render')).toHaveLength(99);
  });

  it('comes in every format we write', async () => {
    for (const [name, type] of [
      ['jpg', 'image/jpeg'],
      ['png', 'image/png'],
      ['webp', 'image/webp'],
      ['avif', 'image/avif'],
      ['gif', 'image/gif'],
      ['tiff', 'image/tiff'],
    ] as const) {
      const answer = await server.get(`/img/cat/w_40,f_${name}`);
      expect(header(answer, 'content-type')).toBe(type);
      expect(await sizeOf(answer)).toEqual([40, 24, type]);
    }
  });

  it('of new bytes is seen by the very next GET (threat E9)', async () => {
    await server.put('swap', await solid('#ff0000'));
    expect(await middle(await server.get('/img/swap/w_10,f_png'))).toBe('#ff0000');
    await server.put('swap', await solid('#0000ff'));
    expect(await middle(await server.get('/img/swap/w_10,f_png'))).toBe('#0000ff');
  });

  it('carries the headers a CDN and a browser go by', async () => {
    const answer = await server.get('/img/cat/w_40,f_webp');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String((await answer.clone().arrayBuffer()).byteLength),
      'cache-control': 'public, max-age=60, s-maxage=3600, stale-while-revalidate=86400, stale-if-error=604800',
      'cache-tag': 'img:cat',
      'surrogate-key': 'img:cat',
      link: '</img/cat/f_webp,w_40/cat.webp>; rel="canonical"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'timing-allow-origin': '*',
      'accept-ranges': 'none',
      'content-disposition': 'inline; filename="cat.webp"',
    });
    expect(answer.headers.has('vary')).toBe(false);
    expect(answer.headers.has('set-cookie')).toBe(false);
  });

  it('may be kept for a year only where its URL names the version and nothing else can change it', async () => {
    const version = (
      (await (await server.get('/originals/cat/info', withToken)).json()) as { version: string }
    ).version.slice(0, 8);
    const lifetime = async (words: string) => header(await server.get(`/img/cat/${words}`), 'cache-control');
    const year = 'public, max-age=31536000, immutable';
    expect(await lifetime(`v_${version},w_20`)).toBe(year);
    expect(await lifetime(`v_${version},w_20,f_auto`)).not.toBe(year);
    expect(await lifetime(`v_${version},thumb`)).not.toBe(year);
    expect(await lifetime(`v_${version},c_fill,g_custom,w_9,h_9`)).not.toBe(year);
    expect(await lifetime('v_00000000,w_20')).toBe('public, max-age=60, s-maxage=60');
  });

  it('of a preset carries its tag', async () => {
    expect(header(await server.get('/img/cat/thumb'), 'cache-tag')).toBe('img:cat,t:thumb');
  });
});

describe('f_auto', () => {
  it('says so on errors and 304 too', async () => {
    expect(header(await server.get('/img/nobody/f_auto'), 'vary')).toBe('Accept');
    expect(header(await server.get('/img/cat/f_auto,w_0'), 'vary')).toBe('Accept');
    const etag = header(await server.get('/img/cat/w_50,f_auto'), 'etag');
    const fresh = await server.get('/img/cat/w_50,f_auto', { 'if-none-match': etag });
    expect([fresh.status, header(fresh, 'vary')]).toEqual([304, 'Accept']);
  });
});

describe('Threat G6: a conditional GET (RFC 9110 §13.1.2)', () => {
  it.each([
    ['the tag', (tag: string) => tag, 304],
    ['the tag as a strong one', (tag: string) => tag.slice(2), 304],
    ['a list that holds it', (tag: string) => `"a", ${tag} , W/"b"`, 304],
    ['*', () => '*', 304],
    ['another tag', () => 'W/"other"', 200],
    ['garbage', () => 'garbage', 200],
  ])('with %s', async (_what, spell, status) => {
    const etag = header(await server.get('/img/cat/w_60,f_png'), 'etag');
    const answer = await server.get('/img/cat/w_60,f_png', { 'if-none-match': spell(etag) });
    expect(answer.status).toBe(status);
    expect(header(answer, 'etag')).toBe(etag);
  });

  it('is answered without rendering, with everything a cache updates itself by (§15.4.5)', async () => {
    const etag = header(await server.send('HEAD', '/img/cat/w_61,f_png'), 'etag');
    const answer = await server.get('/img/cat/w_61,f_png', { 'if-none-match': etag });
    expect(answer.status).toBe(304);
    expect(await answer.text()).toBe('');
    expect(header(answer, 'cache-status')).toBe('tintype; hit; detail=validator');
    for (const name of ['cache-control', 'cache-tag', 'access-control-allow-origin', 'cross-origin-resource-policy']) {
      expect(answer.headers.has(name), name).toBe(true);
    }
    expect(header(await server.get('/img/cat/w_61,f_png'), 'cache-status')).toContain('fwd=miss');
  });
});

describe('Threat G6: HEAD', () => {
  it('never renders: length comes with what is made already', async () => {
    const before = await server.send('HEAD', '/img/cat/w_62,f_png');
    expect([before.status, before.headers.has('content-length')]).toEqual([200, false]);
    const made = await server.get('/img/cat/w_62,f_png');
    expect(header(made, 'cache-status')).toContain('fwd=miss');
    const after = await server.send('HEAD', '/img/cat/w_62,f_png');
    expect(header(after, 'content-length')).toBe(header(made, 'content-length'));
    expect(await after.text()).toBe('');
  });
});

describe('Threat E10: a purge', () => {
  it('of an id makes the next GET a miss with a new ETag, and leaves others alone', async () => {
    await server.put('dog', await solid('#00ff00'));
    const [before] = await Promise.all([server.get('/img/dog/w_30,f_png'), server.get('/img/cat/w_30,f_png')]);
    const answer = await server.send('POST', '/purge', { headers: json, body: '{"ids":["dog","nobody"]}' });
    expect(await answer.json()).toMatchObject({
      dryRun: false,
      originals: 1,
      memory: 1,
      inFlight: 0,
      nodes: 1,
      cdn: [],
      errors: [],
    });
    const after = await server.get('/img/dog/w_30,f_png');
    expect(header(after, 'cache-status')).toContain('fwd=miss');
    expect(header(after, 'etag')).not.toBe(header(before, 'etag'));
    expect(header(await server.get('/img/cat/w_30,f_png'), 'cache-status')).toContain('hit');
  });

  it('by DELETE or PURGE on the URL does the same', async () => {
    for (const method of ['DELETE', 'PURGE']) {
      await server.get('/img/dog/w_31,f_png');
      expect((await server.send(method, '/img/dog', { headers: withToken })).status).toBe(200);
      expect(header(await server.get('/img/dog/w_31,f_png'), 'cache-status')).toContain('fwd=miss');
    }
  });

  it('of one spelling forgets it in every format it can give, and nothing else', async () => {
    const accepts = ['image/avif', 'image/webp', ''];
    for (const accept of accepts) await server.get('/img/dog/w_32,f_auto', { accept });
    await server.get('/img/dog/w_33,f_png');
    const answer = await server.send('DELETE', '/img/dog/f_auto,w_32', { headers: withToken });
    expect(await answer.json()).toMatchObject({ originals: 1, memory: 3, bucket: { objects: 3 } });
    for (const format of ['avif', 'webp', 'jpg'])
      expect(header(await server.get(`/img/dog/w_32,f_${format}`), 'cache-status')).toContain('fwd=miss');
    expect(header(await server.get('/img/dog/w_33,f_png'), 'cache-status')).toContain('hit');
  });

  it('with a body above 1 MB is refused, however it is framed', async () => {
    const answer = await server.send('POST', '/purge', {
      headers: json,
      body: `{"ids":["${'a'.repeat(1024 * 1024)}"]}`,
    });
    expect(answer.status).toBe(413);
  });

  it('of everything makes everything a miss, also after a restart', async () => {
    await server.get('/img/cat/w_30,f_png');
    const answer = await server.send('POST', '/purge', { headers: json, body: '{"all":true}' });
    expect(answer.status).toBe(200);
    expect(header(await server.get('/img/cat/w_30,f_png'), 'cache-status')).toContain('fwd=miss');
    server = await server.restart();
    expect(header(await server.get('/img/cat/w_30,f_png'), 'cache-status')).toContain('detail=bucket');
  });

  it.each([
    '',
    '{}',
    '[]',
    '{"ids":[]}',
    '{"ids":"cat"}',
    '{"ids":["../x"]}',
    '{"all":true,"ids":["cat"]}',
    '{"all":false}',
    '{"idz":["cat"]}',
    '{"ids":[1]}',
    'null',
  ])('with the body %s is refused', async (body) => {
    const answer = await server.send('POST', '/purge', { headers: json, body });
    expect(answer.status).toBe(400);
  });
});

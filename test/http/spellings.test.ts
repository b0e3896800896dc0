import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, middle, type Running, sizeOf, solid, startTintype, withToken } from '../support/tintype.ts';

const memory = { TINTYPE_STORE: 'memory:', TINTYPE_WORKERS: 'none' } as const;
let server: Running;
let moving: Running;
let snapping: Running;
let listing: Running;

beforeAll(async () => {
  [server, moving, snapping, listing] = await Promise.all([
    startTintype({ ...memory, TINTYPE_NEGATIVE_TTL: '7s' }),
    startTintype({ ...memory, TINTYPE_CANONICAL: 'redirect' }),
    startTintype({ ...memory, TINTYPE_WIDTHS: 'snap:320,640' }),
    startTintype({ ...memory, TINTYPE_WIDTHS: 'list:320,640' }),
  ]);
  const picture = await solid('#ff8800', 1000, 600);
  await Promise.all([server, moving, snapping, listing].map((each) => each.put('cat', picture)));
  await server.put('empty', await solid('#0000ff', 80, 60));
});
afterAll(() => Promise.all([server, moving, snapping, listing].map((each) => each.close())));

describe('A missing original with a default image', () => {
  it('is a 404 that shows the default under the same words, tagged with both, forgotten like any 404', async () => {
    const answer = await server.get('/img/nobody/d_empty,f_png,w_40');
    expect(answer.status).toBe(404);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=7',
      'cache-tag': 'img:nobody,img:empty',
      'surrogate-key': 'img:nobody img:empty',
      link: '</img/nobody/d_empty,f_png,w_40/nobody.png>; rel="canonical"',
    });
    expect(answer.headers.has('etag')).toBe(false);
    expect(await sizeOf(answer.clone())).toEqual([40, 30, 'image/png']);
    expect(await middle(answer)).toBe('#0000ff');
  });

  it('shares the rendering of the default itself', async () => {
    await server.get('/img/empty/f_png,w_41');
    expect(header(await server.get('/img/nobody/d_empty,f_png,w_41'), 'cache-status')).toContain('detail=memory');
  });

  it('is never a 304, and HEAD says 404 too (RFC 9110 §13.2.1)', async () => {
    const etag = header(await server.get('/img/empty/f_png,w_42'), 'etag');
    expect((await server.get('/img/nobody/d_empty,f_png,w_42', { 'if-none-match': etag })).status).toBe(404);
    expect((await server.get('/img/nobody/d_empty,f_png,w_42', { 'if-none-match': '*' })).status).toBe(404);
    expect((await server.send('HEAD', '/img/nobody/d_empty,f_png,w_42')).status).toBe(404);
  });

  it('is answered in words where the default is missing too: one level, both tags', async () => {
    const answer = await server.get('/img/nobody/d_nothing');
    expect([answer.status, header(answer, 'content-type')]).toEqual([404, 'application/problem+json']);
    expect(header(answer, 'cache-tag')).toBe('img:nobody,img:nothing');
    expect(header(await server.get('/img/nobody/d_nobody'), 'cache-tag')).toBe('img:nobody');
  });

  it('is itself again as soon as it is there, and the default is not part of it', async () => {
    expect(await middle(await server.get('/img/late/d_empty,f_png,w_9'))).toBe('#0000ff');
    await server.put('late', await solid('#00ff00'));
    const answer = await server.get('/img/late/d_empty,f_png,w_9');
    expect([answer.status, header(answer, 'cache-tag')]).toEqual([200, 'img:late']);
    expect(header(answer, 'etag')).toBe(header(await server.get('/img/late/f_png,w_9'), 'etag'));
    expect(await middle(answer)).toBe('#00ff00');
    await server.send('DELETE', '/originals/late', { headers: withToken });
    expect((await server.get('/img/late/d_empty,f_png,w_9')).status).toBe(404);
  });

  it('may never be kept for a year', async () => {
    const info = (await (await server.get('/originals/cat/info', withToken)).json()) as { version: string };
    const answer = await server.get(`/img/cat/d_empty,v_${info.version.slice(0, 8)},w_9`);
    expect(header(answer, 'cache-control')).not.toContain('immutable');
  });
});

describe('Words before the id', () => {
  it.each([
    ['/img/w_400,f_webp/cat', 400, '/img/cat/f_webp,w_400'],
    ['/img/w_400/cat', 400, '/img/cat/w_400'],
    ['/img/w_400/cat.jpg', 404, '/img/cat.jpg/w_400'],
  ])('%s is a %i that shows %s', async (path, status, turned) => {
    const answer = await server.get(path);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(turned)]);
  });
});

describe('Where other spellings are redirected', () => {
  it('a 308 leads to the canonical one for a day, without asking the store', async () => {
    const answer = await moving.get('/img/nobody/w_400,f_webp/cat.webp?x=1');
    expect([answer.status, header(answer, 'location')]).toEqual([308, '/img/nobody/f_webp,w_400/cat.webp']);
    expect(header(answer, 'cache-control')).toBe('public, max-age=86400');
    expect(answer.headers.has('vary')).toBe(false);
    expect((await moving.send('HEAD', '/img/cat/w_9,f_webp')).status).toBe(308);
    expect(header(await moving.get('/img/cat/w_9,f_auto'), 'vary')).toBe('Accept');
  });

  it.each(['/img/cat', '/img/cat/f_webp,w_9', '/img/cat/thumb', '/img/cat/f_webp,w_9/any%20name.webp'])(
    '%s is served',
    async (path) => {
      expect((await moving.get(path)).status).toBe(200);
    },
  );

  it('presets stay, signed URLs are never moved, nonsense stays a 400', async () => {
    expect(header(await moving.get('/img/cat/w_9,thumb'), 'location')).toBe('/img/cat/thumb,w_9');
    expect((await moving.get('/img/cat/s--abc--/w_9,f_webp')).status).not.toBe(308);
    expect((await moving.get('/img/cat/w_x,f_webp')).status).toBe(400);
  });
});

describe('Where widths snap to rungs', () => {
  it('the next rung is answered and linked as canonical: one picture for all widths between', async () => {
    const answers = await Promise.all(
      ['w_321', 'w_500', 'w_640'].map((word) => snapping.get(`/img/cat/f_png,${word}`)),
    );
    expect(new Set(answers.map((answer) => header(answer, 'etag'))).size).toBe(1);
    expect(new Set(answers.map((answer) => header(answer, 'link')))).toEqual(
      new Set(['</img/cat/f_png,w_640/cat.png>; rel="canonical"']),
    );
    const [first] = answers;
    expect(first && (await sizeOf(first))).toEqual([640, 384, 'image/png']);
  });

  it('a purge of one width forgets its rung', async () => {
    await snapping.get('/img/cat/f_png,w_300');
    const receipt = await snapping.send('DELETE', '/img/cat/f_png,w_310', { headers: withToken });
    expect(await receipt.json()).toMatchObject({ memory: 1 });
  });
});

describe('Where widths are listed', () => {
  it.each([
    ['/img/cat/w_320', 200],
    ['/img/cat/thumb', 200],
    ['/img/cat/w_321', 403],
    ['/img/nobody/w_321', 403],
    ['/img/cat/w_321,q_0,zz_9', 403],
    ['/img/cat/w_320,q_0', 400],
    ['/img/nobody/w_320', 404],
  ])('%s is a %i', async (path, status) => {
    expect((await listing.get(path)).status).toBe(status);
  });

  it('the 403 may be remembered for a minute', async () => {
    const answer = await listing.get('/img/cat/w_321');
    expect(header(answer, 'cache-control')).toBe('public, max-age=60');
    expect(await answer.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('320, 640') });
  });
});

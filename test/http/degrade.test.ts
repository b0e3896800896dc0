import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { type Running, secret, sizeOf, startTintype } from '../support/tintype.ts';

const browser = { accept: 'image/avif,image/webp,*/*' };
const running = /^tintype_renders_running (\d+)$/m;

/** With one render at a time and nobody waiting. */
const tiny = { TINTYPE_WORKERS: 'none', TINTYPE_RENDERS: '1', TINTYPE_QUEUE: '0' };

let server: Running;
let slow: Promise<unknown> = Promise.resolve();
let width = 2400;

/** Begins something that takes a while, so that there is no place for anything else. */
async function occupy(): Promise<void> {
  slow = server.get(`/img/large/w_${width--},f_avif,fl_lossless`).then((answer) => answer.arrayBuffer());
  const headers = { authorization: `Bearer ${secret}` };
  await expect
    .poll(async () => running.exec(await (await server.get('/metrics', headers)).text())?.[1], { interval: 5 })
    .toBe('1');
}

async function start(degrade: string): Promise<void> {
  server = await startTintype({ ...tiny, TINTYPE_DEGRADE: degrade });
  await server.put('large', await drawPhoto(2400, 1800));
  await server.put('cat', await drawPhoto(600, 400));
}

describe.each([['off'], ['format,size']])('With TINTYPE_DEGRADE=%s, where there is no time', (degrade) => {
  beforeAll(() => start(degrade));
  afterEach(() => slow);
  afterAll(() => server.close());

  it('to find out the smaller format', async () => {
    await server.get('/img/cat/w_200,f_jpg');
    await occupy();
    const answer = await server.get('/img/cat/w_200,f_auto', browser);
    if (degrade === 'off') return expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect([...(await sizeOf(answer.clone())), answer.status]).toEqual([200, 133, 'image/jpeg', 200]);
    expect([answer.headers.get('cache-control'), answer.headers.get('etag'), answer.headers.get('vary')]).toEqual([
      'no-store',
      null,
      'Accept',
    ]);
    expect(answer.headers.get('cache-status')).toBe('tintype; fwd=miss; detail=degraded');
  });

  it('to make a size, the nearest larger one stands in that is the same picture', async () => {
    const there = [
      'w_500,f_webp',
      'w_300,f_webp',
      'w_310,e_grayscale,f_webp',
      'w_100,f_webp',
      'c_fill,f_webp,h_300,w_300',
    ];
    for (const words of there) {
      expect((await server.get(`/img/cat/${words}`)).status).toBe(200);
    }
    await occupy();
    const answer = await server.get('/img/cat/w_120,f_webp');
    if (degrade === 'off') return expect(answer.status).toBe(503);
    expect(await sizeOf(answer)).toEqual([300, 200, 'image/webp']);
    expect(await sizeOf(await server.get('/img/cat/c_fill,f_webp,h_80,w_80'))).toEqual([300, 300, 'image/webp']);
    // 6:5 is there in no size.
    expect((await server.get('/img/cat/c_fill,f_webp,h_100,w_120')).status).toBe(503);
    expect((await server.get('/img/cat/w_120,f_png')).status).toBe(503);
    expect((await server.get('/img/cat/w_550,f_webp')).status).toBe(503);
    expect((await server.get('/img/cat/w_120,f_webp,mb_2k')).status).toBe(503);
  });

  it('what was asked for is made once there is', async () => {
    const answer = await server.get('/img/cat/w_120,f_webp');
    expect(await sizeOf(answer)).toEqual([120, 80, 'image/webp']);
  });
});

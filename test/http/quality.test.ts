import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { qualities } from '../../src/formats/qualities.ts';
import { drawPhoto } from '../support/photo.ts';
import { header, type Running, startTintype } from '../support/tintype.ts';

let server: Running;
let photo: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  photo = new Uint8Array(await drawPhoto(900, 600, { quality: 92, seed: 7 }));
  server = await startTintype();
  await server.put('photo', photo);
});
afterAll(() => server.close());

const qualityOf = (response: Response) => Number(header(response, 'tintype-quality'));
const lengthOf = (response: Response) => Number(header(response, 'content-length'));

describe('Under mb', () => {
  it.each(['jpg', 'webp', 'avif'])('a %s has the highest quality that fits, and says which', async (format) => {
    const plain = lengthOf(await server.get(`/img/photo/w_400,f_${format}`));
    const most = Math.floor(plain / 1500);
    const response = await server.get(`/img/photo/w_400,f_${format},mb_${most}k`);
    expect(response.status).toBe(200);
    expect(lengthOf(response)).toBeLessThanOrEqual(most * 1000);
    const quality = qualityOf(response);
    const same = await server.get(`/img/photo/w_400,f_${format},q_${quality}`);
    expect([header(same, 'etag'), header(same, 'cache-status')]).toEqual([
      header(response, 'etag'),
      'tintype; hit; detail=memory',
    ]);
    const better = await server.get(`/img/photo/w_400,f_${format},q_${quality + 1}`);
    expect(lengthOf(better)).toBeGreaterThan(most * 1000);
  });

  it('what fits anyway is as good as without', async () => {
    const plain = await server.get('/img/photo/w_300,f_webp');
    const response = await server.get('/img/photo/w_300,f_webp,mb_1m');
    expect([header(response, 'etag'), qualityOf(response)]).toEqual([header(plain, 'etag'), qualities.webp.good]);
  });

  it('what never fits comes as small as it can', async () => {
    const response = await server.get('/img/photo/f_jpg,mb_1k');
    expect([response.status, qualityOf(response)]).toEqual([200, 1]);
    expect(lengthOf(response)).toBeGreaterThan(1000);
  });

  it('a trimmed picture fits, too, and so does the format that f_auto finds', async () => {
    const trimmed = await server.get('/img/photo/e_trim,w_300,f_jpg,mb_6k');
    expect(lengthOf(trimmed)).toBeLessThanOrEqual(6000);
    const auto = await server.get('/img/photo/w_300,f_auto,mb_6k', { accept: 'image/avif' });
    expect(header(auto, 'content-type')).toBe('image/avif');
    expect(lengthOf(auto)).toBeLessThanOrEqual(6000);
    expect(header(auto, 'vary')).toBe('Accept');
  });

  it('HEAD does not look for it', async () => {
    const head = await server.send('HEAD', '/img/photo/w_310,f_jpg,mb_5k');
    expect([head.status, head.headers.get('etag'), head.headers.get('tintype-quality')]).toEqual([200, null, null]);
  });

  it('a format without loss is what it is', async () => {
    const png = await server.get('/img/photo/w_100,f_png,mb_1k');
    expect([png.status, png.headers.get('tintype-quality')]).toEqual([200, null]);
    expect(header(png, 'etag')).toBe(header(await server.get('/img/photo/w_100,f_png'), 'etag'));
  });

  it.each(['mb_50k,q_80', 'mb_50k,fl_lossless', 'mb_50'])('%s is refused', async (words) => {
    expect((await server.get(`/img/photo/f_webp,${words}`)).status).toBe(400);
  });
});

describe('A quality that suffices', () => {
  const ask = (running: Running, words: string) => running.get(`/img/photo/${words}`);

  async function found(running: Running, words: string): Promise<number> {
    const first = await ask(running, words);
    expect(first.headers.get('tintype-quality')).toBeNull();
    await running.tintype.settled();
    return qualityOf(await ask(running, words));
  }

  async function fresh(): Promise<Running> {
    const running = await startTintype();
    onTestFinished(() => running.close());
    await running.put('photo', photo);
    return running;
  }

  it('is the default until it is known, and then the same for that size wherever it is looked for', async () => {
    const [here, there] = [await fresh(), await fresh()];
    const first = await ask(here, 'w_300,f_webp,q_auto');
    expect(header(first, 'etag')).toBe(header(await ask(here, 'w_300,f_webp'), 'etag'));
    await here.tintype.settled();
    const quality = qualityOf(await ask(here, 'w_300,f_webp,q_auto'));
    expect(await found(there, 'w_305,f_webp,q_auto')).toBe(quality);
    expect(header(await ask(here, 'w_300,f_webp,q_auto'), 'cache-control')).not.toContain('immutable');
  });

  it('rises with what is asked for, in every format', async () => {
    const running = await fresh();
    for (const format of ['jpg', 'webp', 'avif']) {
      const qualities: number[] = [];
      for (const q of ['auto:low', 'auto:eco', 'auto', 'auto:best', 'ssim:0.995'])
        qualities.push(await found(running, `w_200,f_${format},q_${q}`));
      expect(qualities).toEqual(qualities.toSorted((a, b) => a - b));
      expect(new Set(qualities).size).toBeGreaterThan(3);
    }
  });

  it('stands after a restart', async () => {
    let running = await startTintype();
    await running.put('photo', photo);
    const quality = await found(running, 'w_200,f_jpg,q_ssim:0.95');
    running = await running.restart();
    onTestFinished(() => running.close());
    expect(qualityOf(await ask(running, 'w_200,f_jpg,q_ssim:0.95'))).toBe(quality);
  });
});

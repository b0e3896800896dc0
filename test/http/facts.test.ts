import { readFileSync } from 'node:fs';
import { decode } from 'blurhash';
import sharp from 'sharp';
import { thumbHashToRGBA } from 'thumbhash';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Signatures } from '../../src/http/auth/signatures.ts';
import { drawPhoto, fixturePath } from '../support/photo.ts';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;

beforeAll(async () => {
  server = await startTintype();
  await server.put('photo', new Uint8Array(await drawPhoto(1500, 1000, { quality: 90, seed: 3 })));
  await server.put('teal', await solid('#206070', 60, 40));
  for (const [id, file] of [
    ['alpha', 'alpha.png'],
    ['phone', 'orientation/6.jpg'],
    ['moving', 'animated.gif'],
  ] as const)
    await server.put(id, new Uint8Array(readFileSync(fixturePath(file))));
});
afterAll(() => server.close());

// Bodies are JSON of our own making.
const read = async (path: string, headers: Record<string, string> = {}) =>
  (await server.get(path, headers)).json() as any; // oxlint-disable-line

describe('/info', () => {
  it('tells what can be shown before the picture is there', async () => {
    const info = await read('/info/teal');
    expect(info).toMatchObject({
      id: 'teal',
      width: 60,
      height: 40,
      format: 'png',
      alpha: false,
      pages: 1,
      exact: true,
    });
    expect(info.dominantColor).toBe('#206070');
    const { w, h, rgba } = thumbHashToRGBA(Buffer.from(info.thumbHash, 'base64'));
    expect(w / h).toBeCloseTo(1.5, 0);
    for (const pixels of [rgba, decode(info.blurHash, 8, 8)]) {
      expect(Math.abs((pixels[0] ?? 0) - 0x20)).toBeLessThan(12);
      expect(Math.abs((pixels[2] ?? 0) - 0x70)).toBeLessThan(12);
    }
    const tiny = Buffer.from(info.placeholder.replace('data:image/webp;base64,', ''), 'base64');
    expect(await sharp(tiny).metadata()).toMatchObject({ format: 'webp', width: 20, height: 13 });
    expect(tiny.byteLength).toBeLessThan(300);
  });

  it('is upright, keeps transparency, and is small for every kind of picture', async () => {
    const phone = await read('/info/phone');
    const { w, h } = thumbHashToRGBA(Buffer.from(phone.thumbHash, 'base64'));
    expect(w > h).toBe(phone.width > phone.height);
    const { rgba } = thumbHashToRGBA(Buffer.from((await read('/info/alpha')).thumbHash, 'base64'));
    expect(rgba[3]).toBeLessThan(128);
    expect((await read('/info/moving')).placeholder.length).toBeLessThan(700);
  });

  it.each(['/info/%', '/info/%/w_30', '/picture/%?widths=8'])('%s is a 304 until it changes', async (path) => {
    const running = await startTintype();
    onTestFinished(() => running.close());
    await running.put('tagged', await solid('#206070', 60, 40));
    const url = path.replace('%', 'tagged');
    const etag = header(await running.get(url), 'etag');
    const fresh = await running.get(url, { 'if-none-match': etag });
    expect([fresh.status, header(fresh, 'etag'), await fresh.text()]).toEqual([304, etag, '']);
    await running.put('tagged', await solid('#602070', 60, 40));
    expect((await running.get(url, { 'if-none-match': etag })).status).toBe(200);
  });

  it('is made when the picture comes in, and is there after a restart; older pictures are looked at when asked for', async () => {
    let running = await startTintype();
    await running.put('teal', await solid('#206070', 60, 40));
    const before: unknown = await (await running.get('/info/teal')).json();
    const { store } = running.tintype;
    const record = await store.get('o/teal/current.json');
    const { look, ...old } = JSON.parse(new TextDecoder().decode(record?.bytes));
    expect(look.dominantColor).toBe('#206070');
    await store.put('o/teal/current.json', new TextEncoder().encode(JSON.stringify(old)));
    running = await running.restart();
    onTestFinished(() => running.close());
    expect(await (await running.get('/info/teal')).json()).toEqual(before);
  });

  it.each([
    ['w_300', { width: 300, height: 200, format: 'jpg', exact: true }],
    ['c_fill,w_90,h_90,f_webp', { width: 90, height: 90, format: 'webp', mediaType: 'image/webp', exact: true }],
    ['w_300/l_teal,w_50', { width: 300, height: 200, exact: true }],
    ['w_5000', { width: 1500, height: 1000, exact: true }],
    ['e_trim', { exact: false }],
    ['f_auto,w_777', { width: 777, exact: false, bytes: null }],
  ])('with %s tells of the answer without rendering it', async (words, expected) => {
    expect(await read(`/info/photo/${words}`, { accept: 'image/avif' })).toMatchObject(expected);
    const again = await read(`/info/photo/${words}`, { accept: 'image/avif' });
    expect(again.bytes).toBeNull();
  });

  it('tells bytes, format and quality once they are known', async () => {
    const ask = { accept: 'image/avif' };
    const picture = await server.get('/img/photo/f_auto,w_210', ask);
    const info = await server.get('/info/photo/f_auto,w_210', ask);
    expect(header(info, 'vary')).toBe('Accept');
    expect(await info.json()).toMatchObject({
      format: 'avif',
      exact: true,
      bytes: Number(header(picture, 'content-length')),
    });
    const text = await server.get('/img/photo/f_webp,fl_datauri,w_60');
    expect(await read('/info/photo/f_webp,fl_datauri,w_60')).toMatchObject({
      format: 'webp',
      mediaType: header(text, 'content-type'),
      bytes: Number(header(text, 'content-length')),
    });
    const fitted = await server.get('/img/photo/f_jpg,mb_5k,w_210');
    expect(await read('/info/photo/f_jpg,mb_5k,w_210')).toMatchObject({
      quality: Number(header(fitted, 'tintype-quality')),
      bytes: Number(header(fitted, 'content-length')),
    });
  });

  it('is about the original where its stored bytes are asked for, and where URLs hold presets alone', async () => {
    expect(await read('/info/moving/f_orig')).toEqual(await read('/info/moving'));
    const running = await startTintype({ TINTYPE_PRESETS_ONLY: 'true' });
    onTestFinished(() => running.close());
    await running.put('teal', await solid('#206070', 60, 40));
    const statuses = ['/info/teal', '/info/teal/thumb', '/info/teal/w_20', '/picture/teal'].map(
      async (path) => (await running.get(path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403]);
  });

  it('is purged with its picture and refuses what the picture would be refused for', async () => {
    expect(header(await server.get('/info/photo'), 'cache-tag')).toBe('img:photo');
    expect((await server.get('/info/nobody')).status).toBe(404);
    expect((await server.get('/info/photo/w_0')).status).toBe(400);
  });
});

describe('/picture', () => {
  it('has formats and widths, explicit, versioned, none beyond the original, the smallest first', async () => {
    const { sources, img } = await read('/picture/photo');
    expect(sources.map(({ type }: { type: string }) => type)).toContain('image/avif');
    const { version } = await read('/info/photo');
    for (const { srcset } of [...sources, img]) {
      const widths = srcset.split(', ').map((entry: string) => Number(/ (\d+)w$/.exec(entry)?.[1]));
      expect(widths).toEqual(widths.toSorted((a: number, b: number) => a - b));
      expect(widths[0]).toBe(320);
      expect(widths.at(-1)).toBe(1500);
      expect(widths.length).toBeLessThanOrEqual(8);
      expect(srcset).toContain(`v_${version.slice(0, 8)},w_320/photo.`);
      const [url = ''] = srcset.split(' ');
      const answer = await server.get(url);
      expect([answer.status, header(answer, 'cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    }
  });

  it('has neighbours that differ by enough bytes, few for a picture that has few, and the same ever after', async () => {
    const { img } = await read('/picture/photo');
    const lengths: number[] = [];
    for (const entry of img.srcset.split(', ')) {
      const width = / (\d+)w$/.exec(entry)?.[1];
      lengths.push(Number(header(await server.get(`/img/photo/f_webp,w_${width}`), 'content-length')));
    }
    for (const [index, length] of lengths.entries())
      if (index > 0) expect(length - (lengths[index - 1] ?? 0)).toBeGreaterThan(9000);
    expect((await read('/picture/photo')).img.srcset).toBe(img.srcset);
    expect((await read('/picture/teal')).img.srcset.split(', ')).toHaveLength(1);
  });

  it('leaves out widths in which a picture would be too tall', async () => {
    await server.put('tall', await solid('#206070', 1000, 16_000));
    for (const query of ['', '?widths=300,500,512,513,900']) {
      const { img } = await read(`/picture/tall${query}`);
      const widths = img.srcset.match(/ \d+w/g).map((one: string) => Number.parseInt(one, 10));
      expect([query, widths.at(-1) <= 512, widths.length > 0]).toEqual([query, true, true]);
      expect((await server.get(img.src)).status).toBe(200);
    }
    expect((await server.get('/picture/tall?widths=900')).status).toBe(422);
  });

  it('has the widths that are asked for, but not beyond the original', async () => {
    const { img } = await read('/picture/photo?widths=2000,300,600&sizes=50vw');
    expect(img.srcset.match(/\d+w/g)).toEqual(['300w', '600w']);
    expect(img.sizes).toBe('50vw');
  });

  it('offers a format where it is smaller than every plainer one, and no other', async () => {
    for (const id of ['photo', 'alpha', 'teal', 'moving']) {
      const { sources, img } = await read(`/picture/${id}`);
      const offered = [...sources.map(({ type }: { type: string }) => type.replace('image/', '')), 'base'];
      const base = /\.(\w+)$/.exec(img.src)?.[1] ?? '';
      const lengths = new Map<string, number>();
      for (const format of id === 'moving' ? ['webp', base] : ['avif', 'webp', base]) {
        const answer = await server.get(`/img/${id}/f_${format},w_640`);
        lengths.set(format === base ? 'base' : format, Number(header(answer, 'content-length')));
      }
      const best = [...lengths].filter(([, bytes], at) =>
        [...lengths.values()].slice(at + 1).every((one) => bytes < one),
      );
      expect([id, offered]).toEqual([id, best.map(([format]) => format)]);
    }
  });

  it('shows animations in formats that move, and transparency where nothing else can, with nothing behind it', async () => {
    expect((await read('/picture/moving')).img.src).toMatch(/\.gif$/);
    const { img, html } = await read('/picture/alpha');
    expect(img.src).toMatch(/\.png$/);
    expect(html).not.toContain('style');
    expect((await read('/picture/photo')).html).toContain(' style="background:#');
  });

  it('says in its HTML what its owner says of it, and nothing that could be markup', async () => {
    await server.send('PATCH', '/originals/teal', {
      headers: { ...withToken, 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ metadata: { alt: 'A "teal" <script>alert(1)</script> & wall' } }),
    });
    const { html, img } = await read('/picture/teal');
    expect(img.alt).toBe('A "teal" <script>alert(1)</script> & wall');
    expect(html).toContain('alt="A &quot;teal&quot; &lt;script&gt;alert(1)&lt;/script&gt; &amp; wall"');
    expect(html).not.toContain('<script');
  });

  it.each(['widths=0', 'widths=a', 'widths=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17', 'sizes="><b>', 'size=1'])(
    'refuses %s',
    async (query) => {
      expect((await server.get(`/picture/photo?${encodeURI(query)}`)).status).toBe(400);
    },
  );

  it('stays on the ladder, and signs where URLs need it', async () => {
    const key = `${'k'.repeat(20)}-of-all-our-signatures`;
    const running = await startTintype({
      TINTYPE_WIDTHS: 'list:20,50,3000',
      TINTYPE_SIGNING_KEYS: key,
    });
    onTestFinished(() => running.close());
    await running.put('teal', await solid('#206070', 60, 40));
    expect((await running.get('/picture/teal')).status).toBe(403);
    const answer = await running.get('/picture/teal', withToken);
    expect(header(answer, 'cache-control')).toBe('no-store');
    const { img } = (await answer.json()) as { img: { src: string; srcset: string } };
    expect(img.srcset.match(/\d+w/g)).toEqual(['20w', '50w']);
    expect((await running.get(img.src)).status).toBe(200);
    expect((await running.get('/picture/teal?widths=30', withToken)).status).toBe(403);
    const signed = new Signatures([key]).sign('/picture/teal');
    expect((await running.get(signed)).status).toBe(200);
    // Its signature is of the path alone, and would sign whatever widths were asked for.
    expect((await running.get(`${signed}?widths=20`)).status).toBe(403);
    expect((await running.get('/picture/teal?widths=20', withToken)).status).toBe(200);
  });
});

describe('/explain', () => {
  it('tells the canonical spelling, the plan, the key and where it would come from', async () => {
    const ask = '/explain/photo/w_200,f_webp,c_limit';
    expect((await server.get(ask)).status).toBe(401);
    const first = await read(ask, withToken);
    expect(first).toMatchObject({ canonical: '/img/photo/f_webp,w_200/photo.webp', tier: 'render', warnings: [] });
    expect(first.plan).toMatchObject({ width: 200, height: 133, format: 'webp' });
    expect(first.estimate.milliseconds).toBeGreaterThan(0);
    const picture = await server.get('/img/photo/w_200,f_webp');
    expect(first.key).toContain(header(picture, 'etag').slice(3, -1));
    expect((await read(ask, withToken)).tier).toBe('memory');
  });

  it('tells of stored bytes that nothing is planned for them', async () => {
    const { tier, warnings } = await read('/explain/photo/f_orig', withToken);
    expect([tier, warnings[0]]).toEqual(['bucket', expect.stringContaining('nothing is planned')]);
  });

  it('prints no setting of the server, and no setting changes the key of a trimmed picture', async () => {
    const running = await startTintype({ TINTYPE_TOKEN: 'a-secret-of-the-server', TINTYPE_WORKERS: 'none' });
    onTestFinished(() => running.close());
    await running.put('trimmed', await solid('#204060', 40, 30));
    const answer = await running.get('/explain/trimmed/e_trim', withToken);
    const { plan } = (await answer.json()) as { plan: { rest: { limits: object } } };
    expect(plan.rest.limits).toEqual({ maxOutput: 40_000_000, maxFrames: 256 });
    expect(JSON.stringify(plan)).not.toContain('a-secret-of-the-server');
  });

  it.each([
    ['q_80,f_png', 'q has no effect on png'],
    ['fl_progressive,f_webp', 'fl_progressive has no effect'],
    ['mb_5k,f_png', 'mb has no effect'],
    ['c_scale,w_3000', 'larger than the original'],
    ['v_00000000,w_20', 'not the version'],
    ['e_trim', 'Trimming'],
    ['f_auto,w_431', 'not known yet'],
  ])('warns of %s', async (words, warning) => {
    const { warnings } = await read(`/explain/photo/${words}`, { ...withToken, accept: 'image/avif' });
    expect(warnings.join()).toContain(warning);
  });
});

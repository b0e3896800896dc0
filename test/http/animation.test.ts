import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawAnimation, manyFrames } from '../support/animation.ts';
import { fixtureBytes } from '../support/photo.ts';
import { header, type Running, sizeOf, startTintype } from '../support/tintype.ts';

/** Five moments of 100, 50, 200, 30 and 120 ms, three times. */
const originals = ['animated.gif', 'animated.webp', 'apng.png', 'pages.tiff', 'scene.png', 'alpha.png'] as const;

let running: Running;

beforeAll(async () => {
  running = await startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_MAX_OUTPUT: '1MP' });
  for (const name of originals) expect((await running.put(name, fixtureBytes(name))).status).toBe(201);
});
afterAll(() => running.close());

async function bytesOf(path: string): Promise<Buffer> {
  const response = await running.get(path);
  const body = Buffer.from(await response.arrayBuffer());
  expect([path, response.status, response.status === 200 ? '' : body.toString()]).toEqual([path, 200, '']);
  return body;
}

interface Seen {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  readonly delay: readonly number[];
  readonly loop: number | undefined;
}

async function seen(path: string): Promise<Seen> {
  const read = await sharp(await bytesOf(path), { animated: true }).metadata();
  const { format, width, height, pageHeight = height, pages = 1, delay = [], loop } = read;
  return { format, width, height: pageHeight, pages, delay, loop };
}

/** What is seen at each of these milliseconds, as pixels: however an encoder cuts frames. */
async function moments(path: string): Promise<readonly Buffer[]> {
  const image = sharp(await bytesOf(path), { animated: true });
  const { delay = [], pages = 1 } = await image.metadata();
  const pixels = await image.ensureAlpha().raw().toBuffer();
  const length = pixels.length / pages;
  const ends = delay.map((_, index) => delay.slice(0, index + 1).reduce((sum, one) => sum + one, 0));
  return [50, 120, 250, 365, 450].map((time) => {
    const index = ends.findIndex((end) => time < end);
    return pixels.subarray(index * length, (index + 1) * length);
  });
}

const total = ({ delay }: Seen) => delay.reduce((sum, one) => sum + one, 0);

/** Words that run on frames. */
const words: readonly (readonly [words: string, width: number, height: number])[] = [
  ['', 120, 80],
  ['w_60', 60, 40],
  ['c_fill,g_west,h_40,w_40', 40, 40],
  ['c_crop,h_30,w_50,x_10,y_20', 50, 30],
  ['b_navy,c_pad,h_60,w_60', 60, 60],
  ['b_blurred,c_pad,h_60,w_60', 60, 60],
  ['b_auto,c_pad,h_60,w_60', 60, 60],
  ['a_90,w_40', 40, 60],
  ['a_hflip.180', 120, 80],
  ['e_blur:200,e_sepia,e_sharpen', 120, 80],
  ['e_pixelate:9,w_60', 60, 40],
  ['bo_3px_solid_red,r_10,w_60', 66, 46],
  ['b_white,o_50,r_max', 120, 80],
  ['cs_bw,w_60', 60, 40],
  ['cs_keep,fl_keep_attribution,w_60', 60, 40],
];

describe.each(['animated.gif', 'animated.webp'])('%s', (id) => {
  it.each(words.flatMap(([text, width, height]) => ['webp', 'gif'].map((format) => ({ text, width, height, format }))))(
    'under "$text" stays an animation as $format: its length, its order, how often',
    async (asked) => {
      const { text, width, height, format } = asked;
      const path = `/img/${id}/${text === '' ? '' : `${text}/`}f_${format}`;
      const animation = await seen(path);
      expect(animation).toMatchObject({ format, width, height, loop: 3 });
      expect(animation.pages).toBeGreaterThan(1);
      expect(animation.pages).toBeLessThanOrEqual(5);
      expect(total(animation)).toBe(500);
    },
  );

  it('shows at every moment what the original shows', async () => {
    const own = fixtureBytes('animated.gif');
    const { data, info } = await sharp(own, { animated: true })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const length = (info.width * info.height * 4) / 5;
    const frames = await moments(`/img/${id}/f_webp,fl_lossless`);
    for (const [index, frame] of frames.entries()) {
      expect(visible(frame)).toEqual(visible(data.subarray(index * length, (index + 1) * length)));
    }
  });

  it('each frame is treated as if it were alone: nothing bleeds into its neighbours', async () => {
    const still = (page: number) => pixelsOf(`/img/${id}/e_blur:300,pg_${page}/f_png`);
    const frames = await moments(`/img/${id}/e_blur:300/f_webp,fl_lossless`);
    for (const [index, frame] of frames.entries()) expect(visible(frame)).toEqual(visible(await still(index + 1)));
  });

  it.each(['jpg', 'png', 'avif', 'tiff'])('is its first frame as %s', async (format) => {
    expect(await seen(`/img/${id}/f_${format}`)).toMatchObject({ width: 120, height: 80, pages: 1 });
  });

  it.each(['webp', 'gif'])('is one frame as %s where pg asks for one', async (format) => {
    expect(await seen(`/img/${id}/f_${format},pg_3`)).toMatchObject({ width: 120, height: 80, pages: 1 });
  });

  it.each([
    ['a_20', 'received a_20'],
    ['e_trim', 'received e_trim'],
    ['c_fill,g_auto,h_40,w_40', 'received g_auto'],
    ['w_60/c_fill,g_auto:entropy,h_40,w_40', 'received g_auto:entropy'],
    ['fl_animated/f_jpg', 'jpg holds one frame'],
    ['pg_6', 'a page from 1 to 5'],
    ['c_scale,h_500,w_500', '5 of 500×500 are 1250000'],
  ])('refuses %s, and says why', async (text, sentence) => {
    const response = await running.get(`/img/${id}/${text}`);
    expect([response.status, header(response, 'Cache-Control')]).toEqual([422, 'public, max-age=300']);
    expect(await response.text()).toContain(sentence);
  });

  it.each(['a_20/f_jpg', 'a_20,pg_2', 'e_trim,pg_1', 'c_fill,f_png,g_auto,h_40,w_40', 'c_scale,f_png,h_500,w_500'])(
    'allows a single frame all words: %s',
    async (text) => {
      expect((await seen(`/img/${id}/${text}`)).pages).toBe(1);
    },
  );

  it('keeps moving under f_auto: webp for who takes it where it is smaller, else gif', async () => {
    const lengthOf = async (format: string) =>
      Number(header(await running.get(`/img/${id}/f_${format},fl_animated,w_60`), 'Content-Length'));
    const smaller = (await lengthOf('webp')) <= (await lengthOf('gif')) ? 'image/webp' : 'image/gif';
    const types = await Promise.all(
      ['image/avif,image/webp', 'image/webp', '*/*'].map(async (accept) =>
        header(await running.get(`/img/${id}/f_auto,fl_animated,w_60`, { accept }), 'Content-Type'),
      ),
    );
    expect(types).toEqual([smaller, smaller, 'image/gif']);
  });
});

/** Colours count only where something is seen. */
function visible(pixels: Buffer): Buffer {
  const copy = Buffer.from(pixels);
  for (let at = 0; at < copy.length; at += 4) if (copy[at + 3] === 0) copy.fill(0, at, at + 4);
  return copy;
}

const pixelsOf = async (path: string) =>
  sharp(await bytesOf(path))
    .ensureAlpha()
    .raw()
    .toBuffer();

describe('A page', () => {
  it.each([
    [1, 90, 120],
    [2, 110, 100],
    [3, 130, 80],
  ] as const)('%i of a TIFF has sides and colours of its own', async (page, width, height) => {
    expect(await sizeOf(await running.get(`/img/pages.tiff/f_png,pg_${page}`))).toEqual([width, height, 'image/png']);
    const corner = await pixelsOf(`/img/pages.tiff/f_png,pg_${page}`);
    const [red = 0, green = 0, blue = 0] = corner;
    // Red, green and blue, in this order.
    expect([red, green, blue].indexOf(Math.max(red, green, blue))).toBe(page - 1);
  });

  it('of an animation is that frame as it is seen', async () => {
    const frames = await moments('/img/animated.gif/f_webp,fl_lossless');
    for (const [index, frame] of frames.entries()) {
      expect(visible(await pixelsOf(`/img/animated.gif/f_png,pg_${index + 1}`))).toEqual(visible(frame));
    }
  });

  it.each(['scene.png', 'alpha.png', 'apng.png'])('beyond the last is refused: %s has one', async (id) => {
    expect((await seen(`/img/${id}/pg_1`)).pages).toBe(1);
    const response = await running.get(`/img/${id}/pg_2`);
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('from 1 to 1')]);
  });

  it('and an insisted animation contradict each other', async () => {
    expect((await running.get('/img/animated.gif/fl_animated,pg_1')).status).toBe(400);
  });
});

describe('What does not move', () => {
  it.each(['apng.png', 'scene.png', 'alpha.png', 'pages.tiff'])('%s is no animation, and says so', async (id) => {
    expect((await seen(`/img/${id}/f_webp`)).pages).toBe(1);
    const response = await running.get(`/img/${id}/f_webp,fl_animated`);
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('is a still image')]);
  });
});

describe('What is shown', () => {
  it.each([
    [0, 'for ever'],
    [1, 'once'],
    [2, 'twice'],
  ])('%i times (%s) stays so', async (plays) => {
    const bytes = drawAnimation({ width: 20, height: 12, frames: 3, plays });
    expect((await running.put(`plays-${plays}`, new Uint8Array(bytes))).status).toBeLessThan(300);
    for (const format of ['webp', 'gif']) {
      expect(await seen(`/img/plays-${plays}/e_negate/f_${format}`)).toMatchObject({ pages: 3, loop: plays });
    }
    const again = await running.get(`/img/plays-${plays}/f_webp`);
    expect((await running.put('again', new Uint8Array(await again.arrayBuffer()))).status).toBeLessThan(300);
    expect(await seen('/img/again/f_gif')).toMatchObject({ pages: 3, loop: plays });
  });
});

describe('Under mb an animation', () => {
  it('goes on moving in fewer bytes, with the best quality that fits', async () => {
    await running.put('heavy', new Uint8Array(drawAnimation({ width: 120, height: 80, frames: 8 })));
    const free = await seen('/img/heavy/f_webp');
    const lengthOf = async (words: string) => (await bytesOf(`/img/heavy/${words}`)).byteLength;
    // One of the 20 steps a decade, so that it is not rounded down, and enough for quality 40.
    const most = 20_000;
    expect(await lengthOf('f_webp,q_40')).toBeLessThanOrEqual(most);
    const response = await running.get('/img/heavy/f_webp,mb_20k');
    const quality = Number(header(response, 'Tintype-Quality'));
    expect(await seen('/img/heavy/f_webp,mb_20k')).toEqual(free);
    expect(quality).toBeGreaterThanOrEqual(40);
    expect(await lengthOf('f_webp,mb_20k')).toBeLessThanOrEqual(most);
    expect(await lengthOf(`f_webp,q_${quality + 1}`)).toBeGreaterThan(most);
  });
});

describe('A long animation', () => {
  it('is tried in few qualities under mb, so that it comes in time', async () => {
    const long = drawAnimation({ width: 320, height: 100, frames: 30 });
    await running.put('tried', new Uint8Array(long));
    const response = await running.get('/img/tried/f_webp,mb_1k');
    expect([response.status, header(response, 'Tintype-Quality')]).toEqual([200, '1']);
  });

  it('of 250 frames comes through whole', async () => {
    const long = drawAnimation({ width: 260, height: 12, frames: 250 });
    expect((await running.put('long', new Uint8Array(long))).status).toBe(201);
    const animation = await seen('/img/long/e_sepia,f_webp');
    expect([animation.pages, total(animation), animation.loop]).toEqual([250, 10_000, 0]);
  });

  it('of too many frames is refused with the limit', async () => {
    const response = await running.put('endless', new Uint8Array(manyFrames(300)));
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('at most 256 frames')]);
  });
});

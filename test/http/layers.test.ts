import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlendName, isBlend } from '../../src/transform/params/effects/index.ts';
import { fixtureBytes } from '../support/photo.ts';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let running: Running;

beforeAll(async () => {
  running = await startTintype({ TINTYPE_STORE: 'memory:' });
  const bases = [
    'scene.png',
    'alpha.png',
    'animated.gif',
    'animated.webp',
    'orientation/6.jpg',
    'grey16.png',
    'cmyk.jpg',
  ];
  for (const name of bases) {
    expect((await running.put(name.replace('/', '-'), fixtureBytes(name))).status).toBe(201);
  }
  expect((await running.put('white', await solid('#ffffff', 100, 60))).status).toBe(201);
  expect((await running.put('logo?tags=brand', await solid('#c02040', 40, 20))).status).toBe(201);
  expect((await running.put('mark?focal=0.25,0.5', await solid('#2040c0', 10, 10))).status).toBe(201);
});
afterAll(() => running.close());

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => string;
}

/** A picture, or all frames of an animation beneath each other, as it comes. */
async function look(path: string): Promise<Seen> {
  const response = await running.get(path);
  const body = Buffer.from(await response.arrayBuffer());
  expect([path, response.status, response.status === 200 ? '' : body.toString()]).toEqual([path, 200, '']);
  const { data, info } = await sharp(body, { animated: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) =>
    data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4).toString('hex');
  return { width: info.width, height: info.height, at };
}

/** Where a layer of one colour lies on white. */
async function boxOf(words: string, colour = 'c02040ff'): Promise<readonly number[]> {
  const { width, height, at } = await look(`/img/white/${words}/f_png`);
  expect([width, height]).toEqual([100, 60]);
  const found: [number, number][] = [];
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (at(x, y) === colour) found.push([x, y]);
  const [xs, ys] = [found.map(([x]) => x), found.map(([, y]) => y)];
  return [
    Math.min(...xs),
    Math.min(...ys),
    Math.max(...xs) + 1 - Math.min(...xs),
    Math.max(...ys) + 1 - Math.min(...ys),
  ];
}

describe('A layer of 40 × 20 lies on 100 × 60', () => {
  it.each([
    ['l_logo', [30, 20, 40, 20]],
    ['g_south_east,l_logo', [60, 40, 40, 20]],
    ['g_south_east,l_logo,x_10,y_5', [50, 35, 40, 20]],
    ['g_north_west,l_logo,x_0.1,y_0.5', [10, 30, 40, 20]],
    ['l_logo,x_10,y_-5', [40, 15, 40, 20]],
    ['g_west,l_logo,w_20', [0, 25, 20, 10]],
    ['dpr_2,g_north_west,l_logo,w_10,x_3,y_4', [6, 8, 20, 10]],
    ['g_xy_center,l_logo,x_30,y_0.5', [10, 20, 40, 20]],
    ['g_custom,l_logo', [30, 20, 40, 20]],
    ['c_scale,fl_relative,h_0.5,l_logo,w_0.3', [35, 15, 30, 30]],
    ['l_logo,w_0.5', [40, 25, 20, 10]],
    ['a_90,l_logo', [40, 10, 20, 40]],
    ['l_logo/a_90/w_10/fl_layer_apply,g_north_east', [90, 0, 10, 20]],
    ['c_crop,g_east,h_10,l_logo,w_10/fl_layer_apply,g_south_west', [0, 50, 10, 10]],
    ['fl_relative,l_logo,w_1.0/fl_layer_apply,g_north', [30, 0, 40, 20]],
    ['c_fit,fl_relative,l_logo,w_1.0/fl_layer_apply,g_north', [0, 0, 100, 50]],
    ['g_north_west,l_logo,x_-30,y_-15', [0, 0, 10, 5]],
    ['g_south_east,l_logo,x_-30,y_-15', [90, 55, 10, 5]],
    ['e_trim,l_framed/fl_layer_apply,g_north_west', [0, 0, 40, 20]],
  ] as const)('%s', async (words, box) => {
    if (words.includes('framed')) {
      const framed = await running.get('/img/logo/c_lpad,b_white,f_png,h_60,w_80');
      expect((await running.put('framed', new Uint8Array(await framed.arrayBuffer()))).status).toBe(201);
    }
    expect(await boxOf(words)).toEqual(box);
  });

  it('and wholly outside of it nothing is seen, which is no mistake', async () => {
    const { at } = await look('/img/white/g_west,l_logo,x_-40/f_png');
    expect([at(0, 30), at(50, 30)]).toEqual(['ffffffff', 'ffffffff']);
  });

  it('two of them one on the other, and words between belong to the picture', async () => {
    const { width, at } = await look('/img/white/l_logo/w_50/g_west,l_mark/f_png');
    expect([width, at(25, 15), at(2, 15)]).toEqual([50, 'c02040ff', '2040c0ff']);
  });
});

describe('A layer mixes with what lies beneath by the formulas of the W3C', () => {
  const base = 0x80;
  const layer = { red: 0xc0, green: 0x20, blue: 0x40 };
  const share = (value: number) => value / 255;
  const formulas: Readonly<Record<BlendName, (below: number, above: number) => number>> = {
    multiply: (b, s) => b * s,
    screen: (b, s) => b + s - b * s,
    overlay: (b, s) => (b <= 0.5 ? 2 * b * s : 1 - 2 * (1 - b) * (1 - s)),
    darken: Math.min,
    lighten: Math.max,
  };
  it.each(Object.keys(formulas).filter(isBlend))('%s', async (name) => {
    await running.put('grey', await solid('#808080', 60, 60));
    const { at } = await look(`/img/grey/e_${name},l_logo/f_png`);
    const seen = Buffer.from(at(30, 30), 'hex');
    for (const [index, above] of [layer.red, layer.green, layer.blue].entries()) {
      const expected = formulas[name](share(base), share(above)) * 255;
      expect(Math.abs((seen[index] ?? 0) - expected)).toBeLessThanOrEqual(1.5);
    }
    expect(at(1, 1)).toBe('808080ff');
  });

  it('at 50 % half of each is seen', async () => {
    const [red = 0] = Buffer.from((await look('/img/white/l_mark,o_50/f_png')).at(50, 30), 'hex');
    expect(Math.abs(red - (0x20 + 255) / 2)).toBeLessThanOrEqual(1.5);
  });

  it('on transparency it keeps what is transparent elsewhere', async () => {
    const { at } = await look('/img/alpha.png/g_north_west,l_logo/f_png');
    expect([at(5, 5), at(1, 100).slice(6)]).toEqual(['c02040ff', '00']);
  });
});

describe('A layer lies on whatever comes:', () => {
  it.each(['scene.png', 'alpha.png', 'orientation-6.jpg', 'grey16.png', 'cmyk.jpg'])('%s', async (id) => {
    expect((await look(`/img/${id}/g_north_west,l_logo,w_20/f_png`)).at(5, 5)).toBe('c02040ff');
    expect((await running.get(`/img/${id}/g_north_west,l_logo,w_20/cs_bw,f_jpg`)).status).toBe(200);
  });

  it.each(['animated.gif', 'animated.webp'])('every frame of %s, which goes on moving', async (id) => {
    const response = await running.get(`/img/${id}/g_north_west,l_logo,o_100,w_20/f_webp,fl_animated.lossless`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const { pages = 0, delay = [], loop, pageHeight = 0 } = await sharp(bytes, { animated: true }).metadata();
    expect([pages, delay.reduce((sum, one) => sum + one, 0), loop]).toEqual([5, 500, 3]);
    const { at } = await look(`/img/${id}/g_north_west,l_logo,o_100,w_20/f_webp,fl_animated.lossless`);
    for (let page = 0; page < pages; page++) expect(at(5, page * pageHeight + 5)).toBe('c02040ff');
  });
});

describe('What is said of a picture with a layer', () => {
  it('is tagged for every original in it, and for their tags', async () => {
    const response = await running.get('/img/white/thumb/l_logo/l_mark');
    expect(header(response, 'Cache-Tag').split(',').sort()).toEqual([
      'brand',
      'img:logo',
      'img:mark',
      'img:white',
      't:thumb',
    ]);
  });

  it('is never for ever, since a layer may change', async () => {
    const { version } = JSON.parse(
      await (await running.send('GET', '/originals/white/info', { headers: withToken })).text(),
    );
    const bare = await running.get(`/img/white/v_${version.slice(0, 8)},w_20`);
    const laid = await running.get(`/img/white/v_${version.slice(0, 8)},w_20/l_logo`);
    expect(header(bare, 'Cache-Control')).toContain('immutable');
    expect(header(laid, 'Cache-Control')).not.toContain('immutable');
  });

  it('names a missing layer, shortly, and is purged by the PUT that brings it', async () => {
    const missing = await running.get('/img/white/l_late');
    expect([missing.status, header(missing, 'Cache-Control')]).toEqual([422, 'public, max-age=30']);
    expect(header(missing, 'Cache-Tag').split(',')).toEqual(['img:white', 'img:late']);
    expect(await missing.text()).toContain('"late\\" of the layer');
    expect((await running.put('late', await solid('#00ff00', 10, 10))).status).toBe(201);
    expect((await look('/img/white/l_late/f_png')).at(50, 30)).toBe('00ff00ff');
  });

  it('changes at the next request when the layer is replaced, purged or taken away', async () => {
    await running.put('stamp', await solid('#ff0000', 10, 10));
    const path = '/img/white/l_stamp/f_png';
    const first = await running.get(path);
    expect((await look(path)).at(50, 30)).toBe('ff0000ff');
    await running.put('stamp', await solid('#0000ff', 10, 10));
    expect((await look(path)).at(50, 30)).toBe('0000ffff');
    const second = await running.get(path);
    expect(header(second, 'ETag')).not.toBe(header(first, 'ETag'));
    await running.send('DELETE', '/img/stamp', { headers: withToken });
    expect(header(await running.get(path), 'Cache-Status')).toContain('fwd=miss');
    await running.send('DELETE', '/originals/stamp', { headers: withToken });
    expect((await running.get(path)).status).toBe(422);
  });
});

describe('Words of layers that do not go together are refused:', () => {
  it.each([
    ['fl_layer_apply', 'behind a component that begins a layer'],
    ['l_logo/w_10/fl_layer_apply/fl_layer_apply', 'behind a component that begins a layer'],
    ['fl_layer_apply,l_logo', 'in a component of its own'],
    ['l_logo/fl_layer_apply,w_100', 'nothing but g, x, y, o, dpr and one blend'],
    ['l_logo/e_sepia,fl_layer_apply', 'nothing but g, x, y, o, dpr and one blend'],
    ['fl_relative,w_0.5', 'fl_relative in components that shape a layer'],
    ['e_multiply,w_10', 'one blend where a layer is placed'],
    ['e_multiply,e_screen,l_logo', 'one blend where a layer is placed'],
    ['e_multiply,l_logo/fl_layer_apply', 'one blend where a layer is placed'],
    ['c_auto,h_9,l_logo,w_9', 'c_auto in a layer that fl_layer_apply places'],
    ['g_auto,l_logo', 'a side, xy_center or custom'],
    ['g_xy_center,l_logo,x_1', 'both x and y'],
    ['l_logo/l_logo/l_logo/l_logo/l_logo', 'at most 4 layers'],
    ['g_west,w_10/l_logo', 'g with a mode that cuts or pads'],
  ])('%s', async (words, sentence) => {
    const response = await running.get(`/img/white/${words}`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(sentence)]);
  });
});

describe('Another spelling of the same layer is the same picture:', () => {
  it.each([
    ['l_logo,w_20,g_south', 'g_south,l_logo,w_20'],
    ['l_logo', 'l_logo,g_center,x_0,y_0,o_100'],
    ['l_logo', 'l_logo/fl_layer_apply'],
    ['l_logo,g_west,o_50', 'l_logo/fl_layer_apply,g_west,o_50'],
    ['w_50/l_logo/f_webp', 'f_webp,w_50/l_logo'],
    ['l_text:DejaVu%20Sans_20:Hi', 'l_text:DejaVu%20Sans_20:b64:SGk'],
    ['l_logo/fl_layer_apply.progressive/f_jpg', 'fl_progressive,f_jpg,l_logo'],
  ])('%s and %s', async (one, other) => {
    const tags = await Promise.all(
      [one, other].map(async (words) => header(await running.get(`/img/white/${words}`), 'ETag')),
    );
    expect(tags[0]).not.toBe('');
    expect(tags[1]).toBe(tags[0]);
  });

  it('also where its id looks like a file', async () => {
    await running.put('logo.png', await solid('#00ffff', 10, 10));
    const response = await running.get('/img/white/w_50/g_center,l_logo.png');
    const link = /<([^>]+)>/.exec(header(response, 'Link'))?.[1] ?? '';
    expect(header(await running.get(link), 'ETag')).toBe(header(response, 'ETag'));
  });
});

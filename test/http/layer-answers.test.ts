import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Signatures } from '../../src/http/auth/signatures.ts';
import { fixtureBytes } from '../support/photo.ts';
import { header, middle, type Running, sizeOf, solid, startTintype, withToken } from '../support/tintype.ts';

/** What layers have to do with the rest: presets, signatures, purges, restarts, defaults, lifetimes. */

const key = 'k9Jd82mMzQx71LpWv5Ta0Rb3YcNe6UfH';
const json = { ...withToken, 'content-type': 'application/json' };
const presets = JSON.stringify({
  badge: 'l_logo',
  stamped: 'w_50/l_logo,w_20',
  caption: 'l_text:DejaVu Sans_20:Hi,co_red',
  arial: 'l_text:Arial_20:Hi',
});

async function shelved(environment: Readonly<Record<string, string>>): Promise<Running> {
  const running = await startTintype({ TINTYPE_PRESETS: presets, TINTYPE_RENDERS: '1', ...environment });
  await running.put('white?tags=base', await solid('#ffffff', 100, 60));
  await running.put('logo', await solid('#c02040', 40, 20));
  return running;
}

let running: Running;

beforeAll(async () => {
  running = await shelved({});
});
afterAll(() => running.close());

const colourOf = async (path: string) => middle(await running.get(path));
const tagsOf = async (path: string) =>
  header(await running.get(path), 'Cache-Tag')
    .split(',')
    .sort();

describe('A layer in a preset', () => {
  it.each([
    ['badge', '#c02040', ['base', 'img:logo', 'img:white', 't:badge']],
    ['badge,x_40', '#ffffff', ['base', 'img:logo', 'img:white', 't:badge']],
    ['badge,l_white', '#ffffff', ['base', 'img:white', 't:badge']],
    ['stamped', '#c02040', ['base', 'img:logo', 'img:white', 't:stamped']],
    ['badge/caption,g_north_west', '#c02040', ['base', 'img:logo', 'img:white', 't:badge', 't:caption']],
  ] as const)('is laid over the picture: %s', async (words, colour, tags) => {
    expect([await colourOf(`/img/white/${words}/f_png`), await tagsOf(`/img/white/${words}/f_png`)]).toEqual([
      colour,
      [...tags],
    ]);
  });

  it('may be asked for where nothing else may, and counts among the four', async () => {
    const strict = await shelved({ TINTYPE_PRESETS_ONLY: 'true' });
    expect((await strict.get('/img/white/badge')).status).toBe(200);
    expect((await strict.get('/img/white/l_logo')).status).toBe(403);
    await strict.close();
    expect((await running.get('/img/white/badge/badge/badge/badge')).status).toBe(200);
    expect((await running.get('/img/white/badge/badge/badge/badge/l_logo')).status).toBe(400);
  });

  it('in a font that is not there is refused by its name', async () => {
    const response = await running.get('/img/white/arial');
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('received \\"Arial\\"')]);
  });
});

describe('A signature', () => {
  it('holds for its layer and for no other', async () => {
    const signing = await shelved({ TINTYPE_SIGNING_KEYS: key });
    for (const path of [
      '/img/white/l_logo/f_png',
      '/img/white/l_text:DejaVu%20Sans_20:Hi/f_png',
      '/img/white/l_text:DejaVu%20Sans_20:b64:w6Q/white.png',
      '/img/white/badge,o_50',
    ]) {
      const signed = new Signatures([key]).sign(path);
      const changed = signed.replace(/(\/[lb][^/]*)/, '$1,x_1');
      const answers = await Promise.all([signed, path, changed].map((one) => signing.get(one)));
      expect([path, ...answers.map(({ status }) => status)]).toEqual([path, 200, 403, 403]);
    }
    await signing.close();
  });
});

describe('A layer that changes', () => {
  it('changes what bears it for who holds the old picture, and after a restart', async () => {
    let server = await shelved({});
    const path = '/img/white/f_png,l_logo';
    const first = header(await server.get(path), 'ETag');
    expect((await server.get(path, { 'if-none-match': first })).status).toBe(304);
    await server.put('logo', await solid('#00ff00', 40, 20));
    const second = await server.get(path, { 'if-none-match': first });
    expect([second.status, await middle(second)]).toEqual([200, '#00ff00']);
    await server.put('logo', await solid('#0000ff', 40, 20));
    server = await server.restart();
    expect(await middle(await server.get(path))).toBe('#0000ff');
    await server.close();
  });

  it('is forgotten with all that bears it by a purge of its id, and with nothing else', async () => {
    await running.put('mark', await solid('#00ff00', 40, 20));
    const statusOf = async (path: string) => header(await running.get(path), 'Cache-Status');
    const [bearing, bare] = ['/img/white/f_png,l_mark', '/img/white/f_png'];
    await Promise.all([bearing, bare].map(statusOf));
    expect(await statusOf(bearing)).toContain('hit');
    const body = JSON.stringify({ ids: ['mark'] });
    expect((await running.send('POST', '/purge', { headers: json, body })).status).toBe(200);
    expect(await statusOf(bearing)).toContain('fwd=miss');
    expect(await statusOf(bare)).toContain('hit');
  });

  it('is asked for anew in the formats that are found out, too', async () => {
    const accept = { accept: 'image/webp' };
    await running.put('seal', await solid('#c02040', 40, 20));
    const path = '/img/white/l_seal/f_auto,q_auto';
    const first = await running.get(path, accept);
    await running.put('seal', await solid('#00ff00', 40, 20));
    const second = await running.get(path, accept);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(header(second, 'ETag')).not.toBe(header(first, 'ETag'));
    expect(header(second, 'Cache-Tag')).toContain('img:seal');
  });

  it('is forgotten in one spelling of the picture', async () => {
    const path = '/img/white/f_png,l_logo,o_70';
    await running.get(path);
    const purged = await running.send('DELETE', path, { headers: withToken });
    expect(JSON.parse(await purged.text())).toMatchObject({ bucket: { objects: 1 } });
    expect(header(await running.get(path), 'Cache-Status')).toContain('fwd=miss');
  });
});

describe('The lifetime of a picture', () => {
  it('is the shortest of all that is seen in it', async () => {
    await running.put('brief', await solid('#00ff00', 10, 10));
    const body = JSON.stringify({ lifetime: 45 });
    await running.send('PATCH', '/originals/brief', { headers: json, body });
    expect(header(await running.get('/img/white/l_brief'), 'Cache-Control')).toBe('public, max-age=45, s-maxage=45');
    expect(header(await running.get('/img/white/l_logo'), 'Cache-Control')).toContain('s-maxage=3600');
  });
});

describe('A default picture', () => {
  it('has the layers of the one it stands in for, and is tagged for all of them', async () => {
    const response = await running.get('/img/gone/d_white/f_png,l_logo');
    expect([response.status, header(response, 'Cache-Tag')]).toEqual([404, 'img:gone,img:white,base,img:logo']);
    expect(await middle(response)).toBe('#c02040');
    const missing = await running.get('/img/gone/d_white/l_nobody');
    expect([missing.status, header(missing, 'Cache-Tag')]).toEqual([422, 'img:gone,img:white,img:nobody']);
  });
});

describe('A layer may be', () => {
  it('an animation or a document: its first frame or page, at rest also over what moves', async () => {
    for (const name of ['animated.gif', 'animated.webp', 'pages.tiff', 'apng.png']) {
      await running.put(name, fixtureBytes(name));
      const bare = await running.get(`/img/${name}/b_white,c_scale,f_png,h_60,pg_1,w_100`);
      const laid = await running.get(`/img/white/c_scale,h_60,l_${name},w_100/f_png`);
      expect([name, await middle(laid)]).toEqual([name, await middle(bare)]);
      expect((await running.get(`/img/animated.gif/l_${name},w_20/f_gif,fl_animated`)).status).toBe(200);
    }
  });

  it('an SVG, where those are let in', async () => {
    const server = await shelved({ TINTYPE_SVG: 'raster' });
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#00f"/></svg>';
    expect((await server.put('drawn', new TextEncoder().encode(svg))).status).toBe(201);
    expect(await middle(await server.get('/img/white/f_png,l_drawn'))).toBe('#0000ff');
    await server.close();
  });

  it('a picture that lies elsewhere, for as long as it lies there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tintype-layers-'));
    await writeFile(join(folder, 'mark.png'), await solid('#0000ff', 20, 10));
    const server = await shelved({ TINTYPE_SOURCE: `file:${folder}`, TINTYPE_SOURCE_FRESH: '0s' });
    const response = await server.get('/img/white/f_png,l_mark.png');
    expect([await middle(response), header(response, 'Cache-Tag')]).toEqual(['#0000ff', 'img:white,base,img:mark.png']);
    expect((await server.get('/img/white/f_png,l_nobody.png')).status).toBe(422);
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('the picture itself', async () => {
    expect([await colourOf('/img/logo/f_png,l_logo'), await tagsOf('/img/logo/l_logo')]).toEqual([
      '#c02040',
      ['img:logo'],
    ]);
  });
});

describe('At upload', () => {
  it('pictures with layers are made, and a missing layer is told beside its name', async () => {
    const eager = encodeURIComponent('l_logo,f_webp;l_nobody');
    const response = await running.put(`fresh?eager=${eager}`, await solid('#ffffff', 100, 60));
    expect(JSON.parse(await response.text()).variants).toMatchObject([
      { url: '/img/fresh/l_logo,f_webp/fresh.webp', error: null },
      { error: 'No original has the id "nobody" of the layer' },
    ]);
    expect(header(await running.get('/img/fresh/l_logo,f_webp'), 'Cache-Status')).toContain('hit');
  });
});

describe('Layers cost no more than one picture may', () => {
  it('a layer beyond the limit of pixels is refused, at any size it is shown in', async () => {
    for (const words of ['c_scale,h_8000,l_logo,w_8000', 'c_scale,h_8000,l_logo,w_8000/w_10/fl_layer_apply']) {
      const response = await running.get(`/img/white/${words}`);
      expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('at most 40000000')]);
    }
  });

  it('four of them, each larger than the picture, are cut to it', async () => {
    const layers = [1200, 1201, 1202, 1203].map((side) => `c_scale,h_${side},l_logo,o_50,w_${side}`);
    expect(await sizeOf(await running.get(`/img/white/${layers.join('/')}/f_jpg`))).toEqual([100, 60, 'image/jpeg']);
  });
});

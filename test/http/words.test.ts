import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectNames, effects, isBlend } from '../../src/transform/params/effects/index.ts';
import { flagNames } from '../../src/transform/params/flags.ts';
import { type Key, keys } from '../../src/transform/params/index.ts';
import { fixtureBytes } from '../support/photo.ts';
import { header, type Running, startTintype } from '../support/tintype.ts';

let running: Running;

beforeAll(async () => {
  running = await startTintype({ TINTYPE_WORKERS: 'none' });
  expect((await running.put('scene', fixtureBytes('scene.png'))).status).toBe(201);
  const framed = await running.get('/img/scene/b_fefefe,c_pad,f_png,h_90,w_190');
  expect((await running.put('framed', new Uint8Array(await framed.arrayBuffer()))).status).toBe(201);
  expect((await running.put('wide', fixtureBytes('p3.png'))).status).toBe(201);
  expect((await running.put('named', fixtureBytes('private.jpg'))).status).toBe(201);
  expect((await running.put('moving', fixtureBytes('animated.gif'))).status).toBe(201);
  expect((await running.put('phone', fixtureBytes('orientation/6.jpg'))).status).toBe(201);
});
afterAll(() => running.close());

/** A word and the words it needs beside it; `id` where it takes a certain original to matter. */
interface Case {
  readonly word: string;
  readonly beside?: string;
  readonly id?: string;
}

/** Every word where it has something to say. A new word without a line here does not compile. */
const cases: Readonly<Record<Exclude<Key, 'd' | 'e' | 'exp' | 'fl' | 't' | 'v'>, readonly Case[]>> = {
  a: [{ word: 'a_90' }, { word: 'a_hflip' }, { word: 'a_20' }, { word: 'a_ignore', id: 'phone' }],
  ar: [{ word: 'ar_1:1' }],
  b: [
    { word: 'b_navy', beside: 'c_pad,h_90,w_90' },
    { word: 'b_ff000080', beside: 'a_20,f_png' },
    { word: 'b_auto', beside: 'c_pad,h_90,w_90' },
    { word: 'b_blurred', beside: 'c_pad,h_90,w_90' },
  ],
  bo: [{ word: 'bo_3px_solid_red' }],
  c: [{ word: 'c_fill', beside: 'h_90,w_90' }],
  co: [
    { word: 'co_navy', beside: 'e_colorize:50' },
    { word: 'co_navy', beside: 'e_tint' },
  ],
  cs: [{ word: 'cs_bw' }, { word: 'cs_keep', id: 'wide' }],
  dn: ['jpg', 'png', 'tiff'].map((format) => ({ word: 'dn_300', beside: `f_${format}` })),
  dpr: [{ word: 'dpr_2', beside: 'w_90' }],
  f: ['jpg', 'webp', 'avif', 'gif', 'tiff'].map((format) => ({ word: `f_${format}` })),
  g: [{ word: 'g_west', beside: 'c_fill,h_90,w_90' }],
  h: [{ word: 'h_90' }],
  mb: ['jpg', 'webp', 'avif'].map((format) => ({ word: 'mb_2k', beside: `f_${format},w_200` })),
  l: [
    { word: 'l_moving' },
    { word: 'l_text:DejaVu%20Sans_24:Hello' },
    { word: 'l_text:DejaVu%20Sans_40_bold_italic:b64:w6QKw7Y' },
  ],
  o: [{ word: 'o_50' }],
  pg: [{ word: 'pg_3', id: 'moving' }],
  q: [
    ...['jpg', 'webp', 'avif'].map((format) => ({ word: 'q_30', beside: `f_${format}` })),
    { word: 'q_80:444', beside: 'f_jpg' },
  ],
  r: [{ word: 'r_20' }],
  w: [{ word: 'w_90' }],
  x: [{ word: 'x_20', beside: 'c_crop,h_90,w_90' }],
  y: [{ word: 'y_20', beside: 'c_crop,h_90,w_90' }],
  z: [{ word: 'z_2', beside: 'c_fill,h_90,w_90' }],
};

/** The formats a flag has a say in. */
const flagged: Readonly<Record<(typeof flagNames)[number], readonly string[]>> = {
  // It changes no picture: see animation.test.ts.
  animated: [],
  attachment: ['jpg'],
  datauri: ['png', 'webp'],
  keep_attribution: ['jpg', 'png', 'webp', 'avif'],
  lossless: ['webp', 'avif'],
  lossy: ['png'],
  // See layers.test.ts.
  layer_apply: [],
  progressive: ['jpg', 'png'],
  relative: [],
};

const all: readonly Case[] = [
  ...Object.values(cases).flat(),
  ...effectNames
    .filter((name) => !isBlend(name))
    .map((name) => ({
      word: `e_${effects[name].samples[0]}`,
      beside: name === 'trim' ? 'f_png' : 'w_120',
      id: name === 'trim' ? 'framed' : 'scene',
    })),
  ...flagNames.flatMap((name) =>
    flagged[name].map((format) => ({
      word: `fl_${name}`,
      beside: `f_${format}`,
      id: name === 'keep_attribution' ? 'named' : 'scene',
    })),
  ),
  { word: 't_thumb' },
];

interface Seen {
  readonly status: number;
  readonly bytes: Buffer;
  readonly disposition: string;
}

async function answer(id: string, words: readonly string[]): Promise<Seen> {
  const response = await running.get(['/img', id, ...(words.length === 0 ? [] : [words.join(',')])].join('/'));
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, bytes, disposition: header(response, 'Content-Disposition') };
}

describe('A word that is understood is done:', () => {
  it.each(all)('$word beside "$beside"', async ({ word, beside, id = 'scene' }) => {
    const before = beside === undefined ? [] : [beside];
    const [without, with_] = [await answer(id, before), await answer(id, [...before, word])];
    expect([without.status, with_.status]).toEqual([200, 200]);
    if (word === 'fl_attachment') expect(with_.disposition).not.toBe(without.disposition);
    else expect(with_.bytes.equals(without.bytes)).toBe(false);
  });

  it('and every word of the catalogue is here, or has a page of tests of its own', () => {
    const here = [...Object.keys(cases), 'e', 'fl', 't'];
    expect(keys.filter((key) => !here.includes(key))).toEqual(['d', 'exp', 'v']);
  });
});

describe('What cannot matter changes neither the bytes nor the name:', () => {
  it.each([
    ['q_80', 'f_png'],
    ['q_30', 'f_gif'],
    ['q_30', 'f_tiff'],
    ['fl_progressive', 'f_webp'],
    ['fl_lossy', 'f_jpg'],
    ['fl_lossless', 'f_png'],
    ['fl_keep_attribution', 'f_gif'],
    ['fl_keep_attribution', 'f_tiff'],
    ['dn_300', 'f_webp'],
    ['b_navy', 'w_90'],
    ['o_100', 'w_90'],
    ['cs_srgb', 'w_90'],
  ])('%s beside %s', async (word, beside) => {
    const [without, with_] = await Promise.all([
      running.get(`/img/scene/${beside}`),
      running.get(`/img/scene/${beside},${word}`),
    ]);
    expect([without.status, with_.status]).toEqual([200, 200]);
    expect(header(with_, 'ETag')).toBe(header(without, 'ETag'));
  });
});

describe('What contradicts itself is refused:', () => {
  it.each([
    ['fl_lossy.lossless', 'lossy or lossless, not both'],
    ['f_webp,fl_lossless,q_80', 'fl_lossless without q'],
    ['f_webp,q_80/fl_lossless', 'fl_lossless without q'],
    ['thumb,fl_lossless', 'fl_lossless without q'],
    ['co_red,w_90', 'co with an effect that takes a colour'],
  ])('%s', async (words, sentence) => {
    const response = await running.get(`/img/scene/${words}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(sentence);
  });
});

describe('A flag of the answer', () => {
  it('has a browser save it', async () => {
    const response = await running.get('/img/scene/f_webp,fl_attachment,w_90');
    expect(header(response, 'Content-Disposition')).toBe('attachment; filename="scene.webp"');
    expect(header(response, 'Content-Type')).toBe('image/webp');
  });

  it('makes it the text of a data: URL, whose length a HEAD tells', async () => {
    const plain = Buffer.from(await (await running.get('/img/scene/f_webp,w_90')).arrayBuffer());
    const response = await running.get('/img/scene/f_webp,fl_datauri,w_90');
    const text = await response.text();
    expect(text).toBe(`data:image/webp;base64,${plain.toString('base64')}`);
    expect(header(response, 'Content-Type')).toBe('text/plain; charset=utf-8');
    expect(header(response, 'Content-Disposition')).toBe('inline; filename="scene.txt"');
    expect(header(response, 'Content-Length')).toBe(String(text.length));
    const head = await running.send('HEAD', '/img/scene/f_webp,fl_datauri,w_90');
    expect(header(head, 'Content-Length')).toBe(String(text.length));
  });
});

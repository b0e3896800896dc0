import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { squareFont } from '../support/font.ts';
import { expectGolden } from '../support/golden.ts';
import { fixtureBytes } from '../support/photo.ts';
import { header, type Running, solid, startTintype } from '../support/tintype.ts';

let running: Running;

beforeAll(async () => {
  running = await startTintype({ TINTYPE_STORE: 'memory:' });
  expect((await running.put('paper', await solid('#f4f0e8', 240, 90))).status).toBe(201);
  expect((await running.put('scene', fixtureBytes('scene.png'))).status).toBe(201);
  expect((await running.put('moving', fixtureBytes('animated.gif'))).status).toBe(201);
});
afterAll(() => running.close());

const base64 = (text: string) => `b64:${Buffer.from(text).toString('base64url')}`;
const sans = 'text:DejaVu%20Sans';

async function picture(path: string, server = running): Promise<Buffer> {
  const response = await server.get(path);
  const body = Buffer.from(await response.arrayBuffer());
  expect([path, response.status, response.status === 200 ? '' : body.toString()]).toEqual([path, 200, '']);
  return body;
}

/** Sides of what is black, if all of it is. */
async function squareIn(png: Buffer): Promise<readonly [width: number, height: number] | null> {
  const { info, data } = await sharp(png).trim().greyscale().raw().toBuffer({ resolveWithObject: true });
  return data.every((value) => value === 0) ? [info.width, info.height] : null;
}

/** Name of the golden, what is written, and the words around it; each was looked at. */
const texts: readonly (readonly [name: string, layer: string])[] = [
  ['plain', `l_${sans}_32:Hello`],
  ['bold', `l_${sans}_32_bold:Hello`],
  ['italic', `l_${sans}_32_italic:Hello`],
  ['bold-italic', `l_${sans}_32_bold_italic:Hello`],
  ['colour', `co_c02040,l_${sans}_32:Hello`],
  ['translucent', `co_2040c080,l_${sans}_40_bold:Hello`],
  ['two-lines', `l_${sans}_24:${base64('Two lines,\nwith / and %')}`],
  ['markup-is-text', `l_${sans}_20:${base64('<b>a</b> & <span size="x">')}`],
  ['accents', `l_${sans}_28:${base64('Ærøskøbing Čeština')}`],
  ['greek-cyrillic', `l_${sans}_28:${base64('Ελλάδα Привет')}`],
  ['arabic', `l_${sans}_32:${base64('مرحبا بالعالم')}`],
  ['hebrew-and-latin', `l_text:DejaVu%20Sans_28:${base64('שלום 123 abc')}`],
  ['mono', 'l_text:DejaVu%20Sans%20Mono_24:fixed width'],
  ['serif', 'l_text:DejaVu%20Serif_28:serif'],
  ['placed', `co_navy,dpr_2,g_south_east,l_${sans}_12:corner,x_4,y_3`],
  ['box', `b_ffcc00,bo_4px_solid_ffcc00,l_${sans}_24:box`],
  ['turned', `a_-20,l_${sans}_24:turned`],
  ['scaled', `l_${sans}_48:scaled,w_60`],
  ['relative', `fl_relative,c_fit,l_${sans}_24:whole,w_0.9`],
  ['pale', `l_${sans}_40_bold:pale,o_30`],
];

describe('Text in the font that ships looks as it did when it was looked at:', () => {
  it.each(texts)('%s', async (name, layer) => {
    await expectGolden(`text/${name}`, await picture(`/img/paper/${layer}/f_png`));
  });
});

describe('Text', () => {
  it('is never markup', async () => {
    const plain = await picture(`/img/paper/l_${sans}_20:${base64('<b>a</b>')}/f_png`);
    const bold = await picture(`/img/paper/l_${sans}_20_bold:a/f_png`);
    expect(plain.equals(bold)).toBe(false);
  });

  it.each(['&', '<', '&amp;', '</span>', '&#0;', '%s', ' ', '\n', '\u200b', '😀', '\u202eabc'])(
    'of any characters is drawn, be they nothing to see: %j',
    async (text) => {
      expect((await running.get(`/img/paper/l_${sans}_20:${base64(text)}/f_png`)).status).toBe(200);
    },
  );

  it('goes on every frame', async () => {
    const bytes = await picture(`/img/moving/co_red,g_north_west,l_${sans}_40_bold:I/f_gif`);
    expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(5);
  });

  it.each([
    ['too large for an answer, before it is drawn', `9999:${'W'.repeat(200)}`, 'Expected at most 40000000 pixels'],
    ['too wide to be drawn', `20:${'W'.repeat(1900)}`, 'at most 32767 px a side'],
    ['too high to be drawn', `60:${base64('i\n'.repeat(700))}`, 'at most 32767 px a side'],
  ])('that is %s is refused, for as long as any limit', async (_, text, sentence) => {
    const response = await running.get(`/img/paper/l_${sans}_${text}`);
    expect([response.status, header(response, 'Cache-Control')]).toEqual([422, 'public, max-age=300']);
    expect(await response.text()).toContain(sentence);
  });

  it.each([
    ['%0A', 'control characters'],
    ['%00', 'control characters'],
    ['a%2Fb', 'without slashes'],
    ['a%2Cb', 'Unknown preset'],
    ['a%25b', 'b64:{base64url}'],
    ['a:b', 'b64:{base64url}'],
    [base64('a\tb'), 'no other control characters'],
    [base64('a\r\nb'), 'no other control characters'],
    [base64('a\0b'), 'no other control characters'],
    ['b64:SGk=', 'b64:{base64url}'],
    ['b64:SGl', 'b64:{base64url}'],
    ['b64:_w', 'b64:{base64url}'],
  ])('written as %s is a mistake that says how', async (text, sentence) => {
    const response = await running.get(`/img/paper/l_${sans}_20:${text}`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(sentence)]);
  });

  it('in a font that is not there is a mistake that names those that are', async () => {
    const response = await running.get('/img/paper/w_100/l_text:Arial_20:Hello');
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text).toContain('DejaVu Sans, DejaVu Sans Condensed');
    expect(text).toContain('"position":17');
    const eager = '?eager=l_text%3AArial_20%3AHello';
    expect((await running.put(`other${eager}`, fixtureBytes('scene.png'))).status).toBe(400);
  });

  it('has a canonical spelling that a header can hold', async () => {
    const response = await running.get(`/img/paper/l_${sans}_20:%C3%A4%20b`);
    const link = /<([^>]+)>/.exec(header(response, 'Link'))?.[1] ?? '';
    expect(link).toBe('/img/paper/l_text:DejaVu%20Sans_20:b64:w6QgYg');
    expect(header(await running.get(link), 'ETag')).toBe(header(response, 'ETag'));
  });
});

describe('A folder of fonts', () => {
  const mono = fileURLToPath(
    new URL('../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf', import.meta.url),
  );

  /** The same font under another name of the same length. */
  async function renamed(folder: string): Promise<void> {
    await mkdir(join(folder, 'deep'), { recursive: true });
    const path = join(folder, 'deep', 'Other.ttf');
    await cp(mono, path);
    const bytes = await readFile(path);
    const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16();
    for (const [from, to] of [['DejaVu', 'Tinted']] as const) {
      for (const [old, fresh] of [
        [utf16(from), utf16(to)],
        [Buffer.from(from), Buffer.from(to)],
      ] as const) {
        for (let at = bytes.indexOf(old); at !== -1; at = bytes.indexOf(old, at + 1)) fresh.copy(bytes, at);
      }
    }
    await writeFile(path, bytes);
  }

  it.each(['process', 'none'])(
    'adds its fonts by the names in their files, where TINTYPE_WORKERS is %s',
    async (workers) => {
      const folder = await mkdtemp(join(tmpdir(), 'tintype-fonts-'));
      await renamed(folder);
      const server = await startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_FONTS: folder, TINTYPE_WORKERS: workers });
      await server.put('paper', await solid('#ffffff', 240, 90));
      const ours = await picture('/img/paper/l_text:Tinted%20Sans%20Mono_30_bold:Hello/f_png', server);
      const shipped = await picture('/img/paper/l_text:DejaVu%20Sans%20Mono_30_bold:Hello/f_png', server);
      const other = await picture('/img/paper/l_text:DejaVu%20Serif_30_bold:Hello/f_png', server);
      expect(ours.equals(shipped)).toBe(true);
      expect(ours.equals(other)).toBe(false);
      await server.close();
      await rm(folder, { recursive: true });
    },
  );

  it('has its characters drawn, Chinese among them, and is another picture once it is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tintype-fonts-'));
    const fonts = join(folder, 'fonts');
    await mkdir(fonts);
    const environment = { TINTYPE_STORE: `file:${folder}/data`, TINTYPE_FONTS: fonts, TINTYPE_RENDERS: '1' };
    const before = await startTintype(environment);
    await before.put('paper', await solid('#ffffff', 100, 60));
    const path = `/img/paper/l_${sans}_40:${base64('中')}/f_png`;
    const [plain, boxed] = [`/img/paper/l_${sans}_40:a/f_png`, await picture(path, before)];
    const tags = [header(await before.get(path), 'ETag'), header(await before.get('/img/paper/f_png'), 'ETag')];
    expect((await before.get('/img/paper/l_text:Squares_40:a')).status).toBe(400);
    const letter = await picture(plain, before);
    await before.close();

    await writeFile(join(fonts, 'squares.ttf'), squareFont('Squares', '中文'));
    const after = await startTintype(environment);
    // The font is found for characters that DejaVu has not, and by its own name.
    expect(await squareIn(await picture(path, after))).toEqual([36, 36]);
    expect(await squareIn(await picture(`/img/paper/l_text:Squares_40:${base64('中')}/f_png`, after))).toEqual([
      36, 36,
    ]);
    expect((await picture(path, after)).equals(boxed)).toBe(false);
    expect((await picture(plain, after)).equals(letter)).toBe(true);
    expect(header(await after.get(path), 'ETag')).not.toBe(tags[0]);
    expect(header(await after.get('/img/paper/f_png'), 'ETag')).toBe(tags[1]);
    await after.close();
    await rm(folder, { recursive: true });
  });

  it('that is none stops the start with a sentence', async () => {
    await expect(startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_FONTS: '/nowhere/fonts' })).rejects.toThrow(
      'Expected a folder of fonts for TINTYPE_FONTS',
    );
    const folder = await mkdtemp(join(tmpdir(), 'tintype-fonts-'));
    await writeFile(join(folder, 'bad.ttf'), 'no font');
    await expect(startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_FONTS: folder })).rejects.toThrow('bad.ttf');
    await rm(folder, { recursive: true });
  });
});

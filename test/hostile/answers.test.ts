import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormatName } from '../../src/formats/format.ts';
import { formats } from '../../src/formats/index.ts';
import { fixtureBytes } from '../support/photo.ts';
import { header, type Running, startTintype, withToken } from '../support/tintype.ts';
import { compressedText, pngBytes } from './png-bytes.ts';

/** What clients get of hostile files that came in, and what is left of those that did not. */

let server: Running;
beforeAll(async () => {
  server = await startTintype({ TINTYPE_SVG: 'raster' });
});
afterAll(() => server.close());

const names = Object.keys(formats) as readonly FormatName[];

async function bodyOf(path: string): Promise<readonly [status: number, text: string]> {
  const answer = await server.get(path);
  return [answer.status, Buffer.from(await answer.arrayBuffer()).toString('latin1')];
}

describe('Threat L1: no answer holds what the original said beside its pixels', () => {
  const originals = ['private.jpg', 'private.png', 'private.webp', 'private.gif', 'polyglot.gif'];

  it.each(originals.flatMap((name) => names.map((format) => [name, format] as const)))(
    '%s as %s',
    async (name, format) => {
      expect(fixtureBytes(name).toString('latin1')).toContain('CANARY-');
      expect((await server.put(name.replace('.', '-'), fixtureBytes(name))).status).toBeLessThan(300);
      const [status, text] = await bodyOf(`/img/${name.replace('.', '-')}/w_60,f_${format}`);
      expect(status).toBe(200);
      expect(text).not.toMatch(/CANARY|Exif\0\0.*GPS|<script/s);
    },
  );
});

describe('Threat B6: an answer does not grow with the profile of its original', () => {
  it.each(['big-icc.jpg', 'bad-icc.png', 'hollow-icc.jpg'])('%s', async (name) => {
    const id = name.replace('.', '-');
    expect((await server.put(id, fixtureBytes(name))).status).toBe(201);
    const [status, text] = await bodyOf(`/img/${id}/w_60,f_webp`);
    expect(status).toBe(200);
    expect(text.length).toBeLessThan(4000);
  });
});

describe('Threat B4: a browser cannot be talked into anything but a picture', () => {
  it.each([
    ['a picture', '/img/private-jpg/w_60,f_jpg'],
    ['a refusal', '/img/private-jpg/w_0'],
    ['what is missing', '/img/nobody/w_60'],
    ['an original', '/originals/private-jpg'],
  ])('%s is not sniffed and does not act', async (_, path) => {
    const answer = await server.get(path, withToken);
    expect(header(answer, 'x-content-type-options')).toBe('nosniff');
    expect(header(answer, 'content-type')).toMatch(/^(?:image\/jpeg|application\/problem\+json)/);
    if (answer.ok) expect(header(answer, 'content-security-policy')).toContain("default-src 'none'");
  });
});

describe('Threat C3: SVG leaves as pixels or not at all', () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" onload="alert(1)"><script>alert(1)</script></svg>',
  );

  it('f_svg is no word', async () => {
    expect((await server.get('/img/private-jpg/f_svg')).status).toBe(400);
  });

  it.each(['w_30', 'w_30,f_auto', ...names.map((format) => `w_30,f_${format}`)])('%s is a picture', async (words) => {
    expect((await server.put('drawing', svg)).status).toBeLessThan(300);
    const answer = await server.get(`/img/drawing/${words}`);
    expect(answer.status).toBe(200);
    expect(header(answer, 'content-type')).not.toContain('svg');
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).not.toContain('alert');
  });

  it('its bytes are for who has a token, and act in no browser', async () => {
    await server.put('drawing', svg);
    expect((await server.get('/originals/drawing')).status).toBe(401);
    const answer = await server.get('/originals/drawing', withToken);
    expect(header(answer, 'content-security-policy')).toBe("default-src 'none'; sandbox");
  });
});

describe('Threat A5: no answer is larger than the limit', () => {
  it.each(['w_16384,h_16384', 'w_99999', 'c_pad,w_16000,h_16000'])('%s', async (words) => {
    const answer = await server.get(`/img/private-jpg/${words}`);
    expect([400, 422]).toContain(answer.status);
  });

  it.each([
    [1, 5000],
    [5000, 1],
  ])('of %i × %i keeps a pixel on its short side', async (width, height) => {
    expect((await server.put('line', pngBytes({ width, height }))).status).toBeLessThan(300);
    for (const format of names) {
      expect((await server.get(`/img/line/w_40,h_40,c_limit,f_${format}`)).status).toBe(200);
    }
  });
});

describe('Threat B1: of a refused file nothing is left', () => {
  it.each([
    ['no picture', Buffer.from('<html>'), 415],
    ['a cut one', fixtureBytes('truncated.png'), 422],
    ['one too large', fixtureBytes('bomb-50gp.png'), 422],
    ['one that inflates', pngBytes({ before: [compressedText(20_000_000)] }), 422],
    ['nothing', Buffer.alloc(0), 415],
  ])('%s', async (_, bytes, status) => {
    const answer = await server.put('refused', bytes, { 'content-type': 'image/png' });
    expect(answer.status).toBe(status);
    expect(header(answer, 'cache-control')).toBe('no-store');
    expect((await server.get('/originals/refused', withToken)).status).toBe(404);
    expect((await server.get('/img/refused/w_9')).status).toBe(404);
  });

  it('and what was there before stays', async () => {
    await server.put('kept', fixtureBytes('scene.jpg'));
    const before = await server.get('/originals/kept', withToken);
    expect((await server.put('kept', fixtureBytes('truncated.jpg'))).status).toBe(422);
    expect(header(await server.get('/originals/kept', withToken), 'etag')).toBe(header(before, 'etag'));
  });
});

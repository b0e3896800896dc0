import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canary } from '../../fixtures/draw/private.ts';
import { heic, translucentHeic } from '../support/heic.ts';
import { fixturePath } from '../support/photo.ts';
import { middle, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

const fixture = async (name: string) => new Uint8Array(await readFile(fixturePath(name)));
const stored = async (server: Running, id: string) =>
  Buffer.from(await (await server.get(`/originals/${id}`, withToken)).arrayBuffer());
const said = ['exif', 'gps', 'xmp', 'iptc', 'comment', 'trailer'];

describe('An upload that asks for it', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startTintype({ TINTYPE_FORMATS: 'jpg,png' });
  });
  afterAll(() => server.close());

  it('is stored without what it says, and told so', async () => {
    const body = await fixture('private.jpg');
    const answer = await server.send('PUT', '/originals/a?sanitize=strip', { headers: withToken, body });
    expect([answer.status, await answer.json()]).toMatchObject([201, { removed: said, format: 'jpg' }]);
    expect((await stored(server, 'a')).includes(canary)).toBe(false);
    const again = await server.send('PUT', '/originals/a?sanitize=strip', { headers: withToken, body });
    expect([again.status, await again.json()]).toMatchObject([200, { removed: said }]);
  });

  it('is stored as WebP, also where WebP may not be brought', async () => {
    const dataUrl = `data:,${[...(await solid('#ff0000'))].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`;
    const answer = await server.send('POST', '/originals', {
      headers: { ...withToken, 'content-type': 'application/json' },
      body: JSON.stringify({ dataUrl, id: 'b', sanitize: 'webp' }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([201, { format: 'webp', removed: [] }]);
  });

  it.each(['off', 'WEBP', ''])('for "%s" is refused', async (how) => {
    const body = await solid('#ff0000');
    expect((await server.send('PUT', `/originals/c?sanitize=${how}`, { headers: withToken, body })).status).toBe(400);
  });

  it('keeps everything where nobody asks', async () => {
    const bytes = await fixture('private.jpg');
    expect(await (await server.put('d', bytes)).json()).toMatchObject({ removed: [] });
    expect((await stored(server, 'd')).equals(Buffer.from(bytes))).toBe(true);
  });
});

/** The line of docs/http.md that starts a server of avatars, word for word. */
const page = await readFile(new URL('../../docs/http.md', import.meta.url), 'utf8');
const line = /^((?:TINTYPE_\w+=\S+ )+)npm start$/m.exec(page)?.[1] ?? '';
const avatars: Readonly<Record<string, string>> = Object.fromEntries(
  [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
);

describe('A server of avatars', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startTintype(avatars);
  });
  afterAll(() => server.close());

  it('is what docs/http.md says', () => {
    expect(avatars).toMatchObject({ TINTYPE_MAX_BYTES: '10MB', TINTYPE_MAX_SIDE: '4096', TINTYPE_SANITIZE: 'webp' });
  });

  it.each(['private.jpg', 'private.png', 'private.webp', 'private.gif'])(
    'stores WebP that tells no place: %s',
    async (name) => {
      const answer = await server.put(name, await fixture(name));
      expect([answer.status, await answer.json()]).toMatchObject([201, { format: 'webp' }]);
      const bytes = await stored(server, name);
      const { format, exif } = await sharp(bytes).metadata();
      expect([format, exif, bytes.includes(canary)]).toEqual(['webp', undefined, false]);
    },
  );

  it.each([
    ['what is too long', () => solid('#ff0000', 4097, 1), 422],
    ['what is long enough', () => solid('#ff0000', 4096, 1), 201],
    ['another format', () => fixture('alpha.avif'), 415],
    ['no image', () => fixture('html.jpg'), 415],
    ['a damaged one', async () => (await fixture('private.jpg')).slice(0, 3000), 422],
    ['too many bytes', async () => new Uint8Array(10 * 1024 * 1024 + 1), 413],
  ])('answers %s as it should', async (_what, picture, status) => {
    expect((await server.put('x', new Uint8Array(await picture()))).status).toBe(status);
  });
});

/** The HEIC with other sides in all its boxes (`ispe`, ISO/IEC 23008-12 6.5.3). */
function claiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(heic);
  for (let at = bytes.indexOf('ispe'); at !== -1; at = bytes.indexOf('ispe', at + 4)) {
    bytes.writeUInt32BE(width, at + 8);
    bytes.writeUInt32BE(height, at + 12);
  }
  return bytes;
}

describe('HEIC', () => {
  it('is refused with advice where nobody has allowed it', async () => {
    const server = await startTintype();
    const answer = await server.put('x', heic);
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('HEIC') });
    await server.close();
  });

  describe('where it is allowed', () => {
    let server: Running;
    beforeAll(async () => {
      server = await startTintype({ TINTYPE_HEIC: 'convert', TINTYPE_FORMATS: 'png', TINTYPE_MAX_SIDE: '100' });
    });
    afterAll(() => server.close());

    it('is stored as JPEG with its colours, and shown', async () => {
      const answer = await server.put('phone', heic);
      expect([answer.status, await answer.json()]).toMatchObject([
        201,
        { format: 'jpg', width: 64, height: 48, removed: ['exif', 'gps'] },
      ]);
      const bytes = await stored(server, 'phone');
      const { icc, exif } = await sharp(bytes).metadata();
      expect([icc?.length, exif]).toEqual([480, undefined]);
      // It was drawn in sRGB and told in Display P3.
      const red = await middle(await server.get('/img/phone/c_crop,g_west,h_48,w_20/f_png'));
      expect(Number.parseInt(red.slice(1, 3), 16)).toBeGreaterThan(245);
      expect(Number.parseInt(red.slice(3, 5), 16)).toBeLessThan(20);
    });

    it('that is translucent stays so, as AVIF', async () => {
      expect(await (await server.put('glass', translucentHeic)).json()).toMatchObject({ format: 'avif', alpha: true });
    });

    it('that is sanitized is WebP', async () => {
      const answer = await server.send('PUT', '/originals/w?sanitize=webp', { headers: withToken, body: heic });
      expect(await answer.json()).toMatchObject({ format: 'webp', width: 64, removed: ['exif', 'gps'] });
    });

    it.each([
      ['cut short', heic.slice(0, 900)],
      ['with nothing but a head', heic.slice(0, 40)],
      ['that claims to be huge', claiming(65_535, 65_535)],
      ['that claims to be endless', claiming(2 ** 31 - 1, 2 ** 31 - 1)],
      ['that claims to be nothing', claiming(0, 0)],
      ['longer than allowed', claiming(101, 48)],
    ])('%s is refused, and nobody dies of it', async (_what, bytes) => {
      const answer = await server.put('bad', new Uint8Array(bytes));
      expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'refused-image' }]);
      expect(server.reports).toEqual([]);
    });
  });
});

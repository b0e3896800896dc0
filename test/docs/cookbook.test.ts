import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codecTolerance, likeness } from '../support/likeness.ts';
import { header, type Running, startTintype } from '../support/tintype.ts';
import { textOf } from './pages.ts';
import { gallery, hero, storeDrawings } from './pictures.ts';

const accept = 'image/avif,image/webp,image/*,*/*;q=0.8';
const typeOf: Readonly<Record<string, string>> = { jpg: 'image/jpeg' };

/** `| what | `/img/…` | 400 × 300 webp |`, with a status where it is not 200. */
const rows = [
  ...textOf('docs/cookbook.md').matchAll(
    /^\| (.+) \| `(\/img\/[^`]+)` \| (?:(\d{3}), )?(\d+) × (\d+) ([a-z, ]+) \|$/gm,
  ),
].map(([, what = '', path = '', status = '200', width, height, formats = '']) => {
  const types = formats.split(/, | or /).map((format) => typeOf[format] ?? `image/${format}`);
  return { what, path, status: Number(status), size: [Number(width), Number(height)], types };
});

let server: Running;
beforeAll(async () => {
  server = await startTintype();
  await storeDrawings(server);
});
afterAll(() => server.close());

describe('The cookbook', () => {
  it('has a line for each of its URLs', () => {
    const tables = textOf('docs/cookbook.md')
      .split('\n')
      .filter((line) => line.includes('| `/img/'));
    expect(rows.length).toBe(tables.length);
    expect(rows.length).toBeGreaterThan(50);
  });

  it.each(rows)('$what: $path', async ({ path, status, size, types }) => {
    const answer = await server.get(path, { accept });
    const type = header(answer, 'content-type');
    const body = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== status) expect.fail(`${answer.status} ${body.toString('utf8')}`);
    const { width, pageHeight, height } = await sharp(body, { animated: true }).metadata();
    expect([[width, pageHeight ?? height], types]).toEqual([size, expect.arrayContaining([type])]);
  });

  it('promises bytes that are kept', async () => {
    const answer = await server.get('/img/lake/mb_20k,w_600/lake.jpg');
    expect(Number(header(answer, 'content-length'))).toBeLessThanOrEqual(20_000);
    const versioned = rows.find(({ path }) => path.includes('/v_'))?.path ?? '';
    expect(header(await server.get(versioned), 'cache-control')).toBe('public, max-age=31536000, immutable');
  });
});

describe('The pictures of the README', () => {
  it.each([hero, ...gallery])('$file is what $path answers', async ({ file, path }) => {
    const kept = readFileSync(new URL(`../../docs/pictures/${file}`, import.meta.url));
    const made = Buffer.from(await (await server.get(path)).arrayBuffer());
    const { structure, colour } = await likeness(kept, made);
    expect(structure).toBeGreaterThan(codecTolerance.structure);
    expect(colour).toBeLessThan(codecTolerance.colour);
  });
});

describe('What the README says of lifetimes', () => {
  it.each([
    ['/img/lake/v_3e1bd208,w_40/lake.webp'],
    ['/img/lake/w_40/lake.webp'],
    ['/img/lake/v_00000000,w_40/lake.webp'],
    ['/img/nobody/w_40'],
    ['/img/lake/w_4oo'],
    ['/originals/lake'],
  ])('holds for %s', async (path) => {
    expect(textOf('README.md')).toContain(`| \`${header(await server.get(path), 'cache-control')}\` |`);
  });
});

import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/index.ts';
import { type Result, upload } from '../../src/cli/put/uploads.ts';
import { withServer } from '../../src/cli/shell/server.ts';
import { Signatures } from '../../src/http/auth/signatures.ts';
import { type Ended, quietShell, tintype } from '../support/command-line.ts';
import { tintypeOnPort } from '../support/listening.ts';
import { header, solid } from '../support/tintype.ts';

const key = '0123456789abcdef0123456789abcdef';
let server: Awaited<ReturnType<typeof tintypeOnPort>>;
let folder: string;

/** A command line that speaks to the server. */
const at = (...words: readonly string[]): Promise<Ended> =>
  tintype(words, { TINTYPE_URL: `http://127.0.0.1:${server.port}` });

async function jsonOf(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { out } = await at(...words, '--json');
  return JSON.parse(out) as Record<string, unknown>;
}

beforeAll(async () => {
  server = await tintypeOnPort({
    TINTYPE_SIGNING_KEYS: key,
    TINTYPE_REPORT_ONLY: 'signing',
  });
  folder = await mkdtemp(join(tmpdir(), 'tintype-commands-'));
  await mkdir(join(folder, 'photos/shoes'), { recursive: true });
  await mkdir(join(folder, 'photos/.hidden'));
  const red = await solid('#ff0000');
  for (const name of ['red.png', 'shoes/red.png', 'shoes/ein Schuh.png', '.hidden/a.png'])
    await writeFile(join(folder, 'photos', name), red);
  await writeFile(join(folder, 'photos/notes.txt'), 'no picture');
  await symlink(folder, join(folder, 'photos/loop'));
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('tintype put', () => {
  it('stores a folder under the ids that its paths have, and finds it there the next time', async () => {
    const photos = join(folder, 'photos');
    const first = await jsonOf('put', photos, '--tag', 'spring', '--eager', 'w_9,f_webp');
    const notes = join(photos, 'notes.txt');
    expect(first).toMatchObject({ stored: 3, replaced: 0, same: 0, failed: [], passedOver: 1, skipped: [notes] });
    const ids = ['red.png', 'shoes:red.png', `path~${Buffer.from('shoes/ein Schuh.png').toString('base64url')}`];
    for (const id of ids) {
      const answer = await server.get(`/img/${id}/w_9,f_webp`);
      expect([id, answer.status, answer.headers.get('cache-status')]).toEqual([
        id,
        200,
        expect.stringContaining('hit'),
      ]);
    }
    const puts = () => server.log.filter(({ method }) => method === 'PUT').length;
    const before = puts();
    const { out, said } = await at('put', photos);
    expect([before, puts()]).toEqual([3, 3]);
    expect(out).toContain(`${join(photos, 'red.png')} → red.png  http://127.0.0.1:${server.port}/img/red.png\n`);
    expect(out).toMatch(/\n0 stored, 0 replaced, 3 were there, 0 failed, 1 other files passed over\n$/);
    expect(said).toBe(`tintype: Skipped ${notes}, which has no extension of a picture\n`);
    await writeFile(join(photos, 'red.png'), await solid('#00ff00'));
    expect(await jsonOf('put', photos)).toMatchObject({ stored: 0, replaced: 1, same: 2 });
  });

  it('says what it would do, and does nothing of it', async () => {
    const { out } = await at('put', join(folder, 'photos'), '--prefix', 'shop:', '--bare', '--dry-run');
    expect(out).toContain(`${folder}/photos/shoes/red.png → shop:shoes:red\n`);
    expect((await server.get('/img/shop:shoes:red')).status).toBe(404);
  });

  it('holds no file up for one that is refused, and ends with 1', async () => {
    await mkdir(join(folder, 'mixed'));
    await writeFile(join(folder, 'mixed/a.png'), 'no picture');
    await writeFile(join(folder, 'mixed/b.png'), await solid('#0000ff'));
    const { code, out, said } = await at('put', join(folder, 'mixed'));
    expect([code, out]).toEqual([1, expect.stringMatching(/\n1 stored, 0 replaced, 0 were there, 1 failed\n$/)]);
    expect(said).toMatch(
      /^tintype: \S+\/mixed\/a\.png: 415 Expected jpg, png, webp, avif, gif, tiff but received .*\n$/,
    );
  });

  it('leaves a file that cannot be read, or changes meanwhile, and goes on', async () => {
    const path = join(folder, 'photos/red.png');
    const { size } = await stat(path);
    const pictures = [
      { path: join(folder, 'gone.png'), id: 'gone', bytes: 9 },
      { path, id: 'grown', bytes: size - 1 },
      { path, id: 'shrunk', bytes: size + 1 },
      // Stored before, so that it is compared.
      { path: join(folder, 'gone.png'), id: 'red.png', bytes: 9 },
      { path, id: 'whole', bytes: size },
    ];
    const results: string[] = [];
    const shell = quietShell({ TINTYPE_URL: `http://127.0.0.1:${server.port}` });
    const onDone = ({ id }: { readonly id: string }, result: Result) =>
      void results.push(`${id}: ${result.kind === 'failed' ? result.error.replace(folder, '') : result.kind}`);
    await withServer(null, shell, (there) =>
      upload(pictures, { server: there, shell, query: '', parallel: 1, onDone }),
    );
    expect(results).toEqual([
      'gone: Expected to read /gone.png but received ENOENT',
      expect.stringMatching(/^grown: 422 /),
      `shrunk: Expected ${size + 1} bytes in /photos/red.png but it has changed`,
      'red.png: Expected to read /gone.png but received ENOENT',
      'whole: stored',
    ]);
  });

  it('says nothing of a folder without pictures but that', async () => {
    await mkdir(join(folder, 'empty'));
    expect(await at('put', join(folder, 'empty'))).toMatchObject({
      code: 0,
      out: '0 stored, 0 replaced, 0 were there, 0 failed\n',
    });
    await writeFile(join(folder, 'empty/none.png'), '');
    expect(await at('put', join(folder, 'empty'))).toMatchObject({
      code: 1,
      said: expect.stringContaining('none.png: 4'),
    });
  });

  it('stores one file under an id of its own, also what a server changes', async () => {
    const file = join(folder, 'photos/red.png');
    expect(await jsonOf('put', file, '--id', 'own', '--sanitize', 'webp')).toMatchObject({ stored: 1 });
    expect(await jsonOf('put', file, '--id', 'own', '--sanitize', 'webp')).toMatchObject({ same: 1, replaced: 0 });
    expect((await at('put', join(folder, 'photos'), '--id', 'own')).code).toBe(2);
  });

  it('with a wrong token stops at the first file, with 4', async () => {
    const url = `http://127.0.0.1:${server.port}`;
    const ended = await tintype(['put', join(folder, 'photos')], {
      TINTYPE_URL: url,
      TINTYPE_TOKEN: 'not-the-right-token',
    });
    expect([ended.code, ended.out]).toEqual([4, '']);
    expect(ended.said).toMatch(/^tintype: 401 .*TINTYPE_TOKEN.*0 of 3 are done.*\n$/);
  });
});

describe('Against a server', () => {
  beforeAll(async () => {
    await server.put('cat', await solid('#336699', 300, 200));
  });

  it('get writes a picture, or what is stored', async () => {
    const file = join(folder, 'cat.webp');
    expect(await jsonOf('get', 'cat/w_30,f_webp', '--out', file)).toMatchObject({ file, mediaType: 'image/webp' });
    const { width, format } = await sharp(await readFile(file)).metadata();
    expect([width, format]).toEqual([30, 'webp']);
    const { bytes } = await at('get', 'cat', '--original');
    expect(bytes).toEqual(Buffer.from(await solid('#336699', 300, 200)));
  });

  it('get goes where a spelling is sent on to', async () => {
    const strict = await tintypeOnPort({ TINTYPE_CANONICAL: 'redirect' });
    await strict.put('cat', await solid('#336699', 300, 200));
    const { code, bytes } = await tintype(['get', 'cat/w_30,f_webp'], {
      TINTYPE_URL: `http://127.0.0.1:${strict.port}`,
    });
    expect([code, (await sharp(bytes).metadata()).width]).toEqual([0, 30]);
    await strict.close();
  });

  it.each([
    [['get', 'nobody', '--out', '/nowhere/x'], 4, '404 No original has the id "nobody"'],
    [['get', 'cat/w_4oo', '--out', 'x'], 2, '400 Expected an integer from 1 to 8192'],
    [['get', 'cat/w_9', '--out', '/nowhere/at/all'], 1, 'Expected to write /nowhere/at/all but'],
    [['explain', 'cat/widht_9'], 2, 'did you mean w?'],
    [['explain', 'nobody'], 4, '404'],
    [['purge', 'cat', '--older-than', 'soon'], 2, '400 Expected where.olderThan as a time'],
    [['purge', '--preset', 'nobody'], 2, '400 Expected presets of this server'],
    [['warm', 'nonsense'], 2, '400'],
  ])('%j ends with %i: %s', async (words, code, sentence) => {
    const ended = await at(...words);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.said).toMatch(/^tintype: [^\n]+\n$/);
    expect(ended.said).toContain(sentence);
  });

  it('explain, stats, sweep and purge tell in text what they tell in JSON', async () => {
    expect(await jsonOf('explain', 'cat/f_png,w_9')).toMatchObject({ canonical: '/img/cat/f_png,w_9/cat.png' });
    expect((await at('explain', 'cat/f_png,w_9')).out).toMatch(
      /^The canonical URL is \/img\/cat\/f_png,w_9\/cat\.png\nThe answer is a png of 9 × \d+ pixels\./,
    );
    expect(await jsonOf('sweep', '--dry-run')).toMatchObject({ dryRun: true });
    expect((await at('sweep')).out).toMatch(/^dryRun +false$/m);
    expect((await at('stats')).out).toMatch(/^originals\.count +\d+$/m);
    expect(await jsonOf('purge', 'cat', '--format', 'webp', '--wider-than', '9', '--dry-run')).toMatchObject({
      dryRun: true,
      originals: 1,
    });
    expect((await at('purge', '--tag', 'spring', '--soft')).out).toMatch(/^originals +\d+$/m);
    expect(await jsonOf('purge', '--all')).toMatchObject({ dryRun: false });
    const purged = await at('purge', 'cat', 'nobody', '--json');
    expect([purged.code, JSON.parse(purged.out)]).toMatchObject([0, { originals: 1, unknown: ['nobody'] }]);
    expect(purged.said).toBe('tintype: No original has the id nobody\n');
  });

  it('warm begins a job, or waits for its end', async () => {
    expect(await jsonOf('warm', 'thumb', '--prefix', 'cat')).toMatchObject({ id: expect.any(String) });
    const waited = await jsonOf('warm', 'thumb', '--prefix', 'cat', '--wait');
    expect(waited).toMatchObject({ status: 'complete', results: [{ originals: 1, variants: 1, failed: 0 }] });
  });

  it('cdn prints the file that the server makes', async () => {
    const { out } = await at('cdn', 'varnish', '--origin', 'http://tintype:3000');
    expect(out).toMatch(/^vcl 4\.1;|\nvcl 4\.1;/);
    expect(out).toContain('"tintype"');
    expect(await jsonOf('cdn', 'nginx')).toMatchObject({ provider: 'nginx', configuration: expect.any(String) });
  });

  it('cdn verify finds no cache where there is none, and ends with 1', async () => {
    const { code, out } = await at('cdn', 'verify', `http://127.0.0.1:${server.port}/img/cat/w_9,f_webp`);
    expect([code, out]).toEqual([1, expect.stringContaining('✗ cached: ')]);
  });

  it('compare shows what a log asked for, here and there', async () => {
    const log = join(folder, 'access.log');
    const line = (path: string) => `1.2.3.4 - - [21/Nov/2026] "GET ${path} HTTP/1.1" 200 1 "-" "x"\n`;
    await writeFile(log, line('/img/cat/w_99,f_png').repeat(2) + line('/img/cat/w_4oo'));
    const url = `http://127.0.0.1:${server.port}`;
    const { out, code } = await at('compare', log, '--peer', url, '--ours', url);
    expect([code, out]).toEqual([0, expect.stringContaining('2 URLs: 1 pictures on both sides, 1 of equal size')]);
    const { compared } = await jsonOf('compare', log, '--peer', url, '--ours', url, '--sample', '1');
    expect(compared).toMatchObject([{ score: 100, ours: { size: [99, 66] } }]);
    expect((await at('compare', log)).code).toBe(2);
    const none = await at('compare', log, '--peer', url, '--ours', url, '--under', '/nothing/');
    expect([none.code, none.said]).toEqual([2, expect.stringContaining('Expected requests below /nothing/')]);
    expect((await at('compare', log, '--peer', 'http://127.0.0.1:9')).code).toBe(3);
    const old = await at('rehearse', log, '--peer', url, '--ours', url);
    expect([old.code, old.out]).toEqual([0, expect.stringContaining('2 URLs:')]);
    expect(old.said).toBe(
      'tintype rehearse is deprecated and stops working after two minor versions; use tintype compare\n',
    );
  });

  it.each(commands.filter(({ name }) => name !== 'serve').map(({ name }) => name))(
    '%s prints one JSON value with --json, and nothing else',
    async (name) => {
      const url = `http://127.0.0.1:${server.port}`;
      const log = join(folder, 'one.log');
      await writeFile(log, '/img/cat/w_9\n');
      const operands: Readonly<Record<string, readonly string[]>> = {
        put: [join(folder, 'photos')],
        get: ['cat/w_9', '--out', join(folder, 'nine')],
        url: ['cat', 'w_9'],
        sign: ['/img/cat/w_9'],
        explain: ['cat/w_9'],
        purge: ['cat'],
        warm: ['thumb'],
        cdn: ['nginx'],
        completion: ['bash'],
        'cdn verify': [`${url}/img/cat/w_9`],
        translate: ['/cdn-cgi/image/w=9/cat.jpg'],
        compare: [log, '--peer', url, '--ours', url],
      };
      const environment = {
        TINTYPE_URL: url,
        TINTYPE_SIGNING_KEYS: key,
        TINTYPE_STORE: name === 'lifecycle' ? 's3://bucket' : `file:${folder}/data`,
        TINTYPE_RETAIN_IDLE: '30d',
      };
      const { code, out, said } = await tintype([...name.split(' '), ...(operands[name] ?? []), '--json'], environment);
      // A CDN is not there, and is told to be missed.
      expect([code, said]).toEqual([name === 'cdn verify' ? 1 : 0, '']);
      expect(JSON.parse(out)).toEqual(expect.any(Object));
    },
  );

  it('sign prints what the server believes', async () => {
    const { out } = await tintype(['sign', '/img/cat/w_9/cat.webp', '--expires', '1h'], { TINTYPE_SIGNING_KEYS: key });
    const path = out.trim();
    expect(new Signatures([key]).verify(path)).toBe(true);
    const answer = await server.get(path);
    // Lifetimes are cut to what is left.
    expect([answer.status, header(answer, 'cache-control')]).toEqual([
      200,
      expect.stringMatching(/s-maxage=3[56]\d\d,/),
    ]);
  });
});

import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { swapAndClock } from '../../src/cli/doctor/stores.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { Spool } from '../../src/store/s3/spool.ts';
import { tintype } from '../support/command-line.ts';
import { tintypeOnPort } from '../support/listening.ts';

interface Found {
  readonly what: string;
  readonly ok: boolean | null;
  readonly said: string;
  readonly mend: string | null;
}

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-doctor-test-'));
  data = join(folder, 'data');
  await mkdir(data);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the doctor finds, by what it looked at. */
async function examine(environment: Readonly<Record<string, string>> = {}, words: readonly string[] = []) {
  const settings = { TINTYPE_STORE: `file:${data}`, TINTYPE_TOKEN: 'a-token-of-sixteen-characters', ...environment };
  const { code, out } = await tintype(['doctor', '--json', ...words], settings);
  const { findings } = JSON.parse(out) as { readonly findings: readonly Found[] };
  for (const { ok, mend } of findings) if (ok === false) expect(mend).toEqual(expect.any(String));
  return { code, found: new Map(findings.map((finding) => [finding.what, finding])) };
}

describe('tintype doctor', () => {
  it('finds nothing wrong where nothing is, and leaves nothing behind', async () => {
    const { code, found } = await examine();
    expect(code).toBe(0);
    expect([...found.values()].filter(({ ok }) => ok === false)).toEqual([]);
    for (const what of ['node', 'sharp', 'store', 'store: compare-and-swap', 'store: clock', 'permissions', 'fonts'])
      expect([what, found.get(what)?.ok]).toEqual([what, true]);
    for (const what of ['allocator', 'open files', 'memory', 'scratch', 'redis', 'cdn'])
      expect([what, found.has(what)]).toEqual([what, true]);
    expect((await readdir(data, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())).toEqual(
      [],
    );
  });

  it('names originals whose record is damaged', async () => {
    const own = join(folder, 'damaged');
    await mkdir(join(own, 'o', 'hurt'), { recursive: true });
    await writeFile(join(own, 'o', 'hurt', 'current.json'), '{"id":"hurt","facts":null}');
    const { code, found } = await examine({ TINTYPE_STORE: `file:${own}` });
    expect(code).toBe(1);
    expect(found.get('store: records')).toMatchObject({ ok: false, said: expect.stringContaining('hurt') });
  });

  it('says in text what to do', async () => {
    const { code, out } = await tintype(['doctor'], { TINTYPE_STORE: 'file:./data', TINTYPE_FONTS: '/nowhere' });
    expect(code).toBe(1);
    expect(out).toMatch(
      /^✗ fonts: Expected a folder of fonts for TINTYPE_FONTS but "\/nowhere" cannot be read\n {4}→ Name a folder/m,
    );
  });

  it('a variable that would stop the start is all there is to say', async () => {
    const { code, found } = await examine({ TINTYPE_MEMORY: 'much' });
    expect([code, [...found.keys()]]).toEqual([1, ['configuration']]);
    expect(found.get('configuration')?.said).toMatch(/TINTYPE_MEMORY but received "much"$/);
  });

  it('a token that others may read is told', async () => {
    const path = join(data, 'token');
    await writeFile(path, 'a-token-of-sixteen-characters\n');
    await chmod(path, 0o644);
    const { code, found } = await examine();
    expect([code, found.get('token')?.mend]).toEqual([1, expect.stringContaining(`chmod 600 ${path}`)]);
    await rm(path);
  });

  it('a folder that a server has is no mistake', async () => {
    const server = await tintypeOnPort({ TINTYPE_STORE: `file:${data}` });
    const { code, found } = await examine();
    expect([code, found.get('store')]).toEqual([
      0,
      expect.objectContaining({ ok: null, said: expect.stringContaining('in use') }),
    ]);
    await server.close();
    await mkdir(data, { recursive: true });
  });

  it('a bucket that is not there, and no token for it, are told', async () => {
    const bucket = { TINTYPE_STORE: 's3://nobody', TINTYPE_S3_ENDPOINT: 'http://127.0.0.1:9', TINTYPE_TOKEN: '' };
    const { TINTYPE_TOKEN: _none, ...environment } = bucket;
    const { out, code } = await tintype(['doctor'], {
      ...environment,
      TINTYPE_TOKENS: 'a:read:a-token-of-sixteen-characters',
    });
    expect([code, out]).toEqual([1, expect.stringMatching(/^✗ store: .*\n {4}→ Look at the endpoint/m)]);
  });

  it.each([
    ['varnish=http://127.0.0.1:9', 'cdn: varnish', /^127\.0\.0\.1:9: connect ECONNREFUSED/],
    ['cloudflare=zone', 'cdn', /^TINTYPE_CLOUDFLARE_TOKEN is not set; cloudflare/],
  ])('%s is told as %s', async (purgers, what, said) => {
    const { code, found } = await examine({ TINTYPE_PURGERS: purgers });
    expect([code, found.get(what)?.ok, found.get(what)?.said]).toEqual([1, false, expect.stringMatching(said)]);
  });

  it('a picture that is asked for through no cache is told', async () => {
    const server = await tintypeOnPort();
    const { found } = await examine({}, ['--cdn', `http://127.0.0.1:${server.port}/img/nobody/w_9`]);
    expect(found.get('cdn: answered')).toMatchObject({ ok: false, said: '404 for /img/nobody/w_9' });
    await server.close();
  });
});

describe('A store', () => {
  const open = async () => new MemoryStore(await Spool.open(join(folder, 'spool'), 2 ** 20));

  it('in which both of two writers win is told', async () => {
    const store = await open();
    const lax = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'putIfAbsent')
          return (key: string, body: Uint8Array<ArrayBuffer>) => store.put(key, body).then(() => true);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(await swapAndClock('store', store)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await swapAndClock('store', lax)).toMatchObject([{ ok: false }, { ok: true }]);
  });

  it('whose clock is an hour behind is told', async () => {
    const store = await open();
    const slow = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'stat') return async (key: string) => ({ key, bytes: 1, modified: Date.now() - 3_600_000 });
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const [, clock] = await swapAndClock('store', slow);
    expect(clock).toMatchObject({ ok: false, said: expect.stringMatching(/^differs by 3\d\d\d s/) });
  });
});

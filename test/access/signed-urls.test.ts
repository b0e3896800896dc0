import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { tintypeOnPort } from '../support/listening.ts';
import { header, solid, startTintype, withToken } from '../support/tintype.ts';
import { exchange, head, statuses } from '../support/wire.ts';
import { keys, signatureOf, signed } from './signing.ts';

let running: Awaited<ReturnType<typeof tintypeOnPort>>;
const folder = { TINTYPE_WORKERS: 'none', TINTYPE_MEMORY: '0MB' };

beforeAll(async () => {
  running = await tintypeOnPort({ ...folder, TINTYPE_SIGNING_KEYS: keys.slice(0, 2).join(',') });
  expect((await running.put('cat', await solid('#ff8800'))).status).toBe(201);
  expect((await running.put('dog', await solid('#0088ff'))).status).toBe(201);
});
afterAll(() => running.close());
afterEach(() => vi.useRealTimers());

const now = () => Math.floor(Date.now() / 1000);
const status = async (path: string, method = 'GET') => (await running.send(method, path)).status;

const right = signatureOf('cat', 'w_9,h_8');
const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
const base64 = (text: string) => text.replaceAll('-', '+').replaceAll('_', '/');
const withBoth =
  [...Array(999).keys()].map((w) => `w_${w + 1}`).find((words) => /-.*_|_.*-/.test(signatureOf('cat', words))) ?? '';

/** What a holder of one good URL, or of none, could try. */
const forged: readonly (readonly [why: string, path: string])[] = [
  ['there is no signature', '/img/cat/w_9,h_8'],
  ['there are no words and no signature', '/img/cat'],
  ['the signature is empty', '/img/cat/s----/w_9,h_8'],
  ['it is the signature of another path', `/img/cat/s--${signatureOf('cat', 'w_9')}--/w_9,h_8`],
  ['it is the signature of the same words in another order', `/img/cat/s--${right}--/h_8,w_9`],
  ...[0, 15, 31].map((at) => [`character ${at} is another`, `/img/cat/s--${flip(right, at)}--/w_9,h_8`] as const),
  ['it is cut to 8 characters', `/img/cat/s--${right.slice(0, 8)}--/w_9,h_8`],
  ['it is cut to 31 characters', `/img/cat/s--${right.slice(0, 31)}--/w_9,h_8`],
  ['it is padded', `/img/cat/s--${right}=--/w_9,h_8`],
  ['it is longer than it has to be', `/img/cat/s--${right}AAAA--/w_9,h_8`],
  ['it is in the other base64', `/img/cat/s--${base64(signatureOf('cat', withBoth))}--/${withBoth}`],
  ['it is in hexadecimal', `/img/cat/s--${Buffer.from(right, 'base64url').toString('hex').slice(0, 32)}--/w_9,h_8`],
  ['it is in upper case', `/img/cat/s--${right.toUpperCase()}--/w_9,h_8`],
  ['it was made for the decoded path', `/img/cat/s--${right}--/w_9%2Ch_8`],
  ['there is a slash more', `/img/cat/s--${right}--//w_9,h_8`],
  ['there is a dot segment more', `/img/cat/s--${right}--/./w_9,h_8`],
  ['there is a slash behind', `/img/cat/s--${right}--/w_9,h_8/`],
  ['there is one more word', `/img/cat/s--${right}--/w_9,h_8,f_webp`],
  ['it was made with a key that is out of use', signed('cat', 'w_9,h_8', keys[2])],
  ['another original is asked for', `/img/dog/s--${right}--/w_9,h_8`],
  ['it stands behind the words', `/img/cat/w_9,h_8/s--${right}--`],
  ['a wrong one stands before a right one', `/img/cat/s--${flip(right, 0)}--/s--${right}--/w_9,h_8`],
  ['a right one stands before a wrong one', `/img/cat/s--${right}--/s--${flip(right, 0)}--/w_9,h_8`],
  ['one of its letters looks like another', `/img/cat/s--${right.slice(0, 31)}%D0%B0--/w_9,h_8`],
  ['a null stands behind it', `/img/cat/s--${right}--%00/w_9,h_8`],
  ['its dashes are encoded', `/img/cat/s%2D%2D${right}--/w_9,h_8`],
  ['it says unsafe', '/img/cat/s--unsafe--/w_9,h_8'],
  ['it says unsafe instead', '/img/cat/unsafe/w_9,h_8'],
  ['it stands in the query', `/img/cat/w_9,h_8?s=${right}`],
  [
    'it is a plain digest of key and path',
    `/img/cat/s--${createHash('sha256').update(`${keys[0]}cat/w_9,h_8`).digest('base64url').slice(0, 32)}--/w_9,h_8`,
  ],
  ['the route is in capitals', `/IMG/cat/s--${right}--/w_9,h_8`],
];

describe('Threat F1: with signing keys', () => {
  it('the signed path is answered, whatever its query', async () => {
    expect(await status(signed('cat', 'w_9,h_8'))).toBe(200);
    expect(await status(`${signed('cat', 'w_9,h_8')}?w=9999`)).toBe(200);
    expect(await status(signed('cat', 'w_9,h_8'), 'HEAD')).toBe(200);
    expect(await status(signed('cat', ''))).toBe(200);
    expect(await status(signed('cat', 'w_9%2Ch_8'))).toBe(200);
    expect(await status(signed('cat', 'w_9/cat.webp'))).toBe(200);
  });

  it.each(forged.filter(([, path]) => !path.startsWith('/IMG')))('it is a 403 where %s', async (_why, path) => {
    const answer = await exchange(running.port, head(`GET ${path}`, { Connection: 'close' }));
    expect(statuses(answer)).toEqual([403]);
    expect(answer).toMatch(/\r\ncache-control: public, max-age=60\r\n/i);
    expect(answer).not.toContain(right);
  });

  it('found by the fuzzer: a slash behind a signature without words is not signed', async () => {
    expect([await status(signed('cat', '')), await status(`${signed('cat', '')}/`)]).toEqual([200, 403]);
  });

  it('the two shapes of one path are told apart by nothing but their case', async () => {
    expect(await status(forged.at(-1)?.[1] ?? '')).toBe(404);
  });

  it('a signed GET is no permission to delete', async () => {
    expect(await status(signed('cat', 'w_9,h_8'), 'DELETE')).toBe(401);
    expect(await status(signed('cat', 'w_9,h_8'), 'PURGE')).toBe(401);
  });

  it('a token is no signature', async () => {
    expect((await running.get('/img/cat/w_9', withToken)).status).toBe(403);
  });

  it('a 403 comes before everything else: before a missing original, bad words, a bad id and a long path', async () => {
    const { store } = running.tintype;
    const looks = (['get', 'stat', 'read', 'list', 'localPath'] as const).map((name) => vi.spyOn(store, name));
    for (const path of [
      '/img/nobody/w_9',
      '/img/cat/w_0',
      '/img/-/w_9',
      '/img/%zz',
      `/img/cat/${'w_9,'.repeat(700)}`,
    ]) {
      expect([path.slice(0, 40), await status(path)]).toEqual([path.slice(0, 40), 403]);
    }
    expect(await status('/img/cat/exp_1,w_0')).toBe(403);
    expect(looks.map((look) => look.mock.calls)).toEqual([[], [], [], [], []]);
    expect(await status(signed('nobody', 'w_9'))).toBe(404);
    expect(looks[0]?.mock.calls).toHaveLength(1);
    for (const look of looks) look.mockRestore();
    expect(await status(signed('cat', 'w_0'))).toBe(400);
  });

  it('no answer links a URL that would be refused', async () => {
    expect((await running.get(signed('cat', 'w_9,h_8'))).headers.has('link')).toBe(false);
  });

  it('a signature is in no key: signed anew, the picture has the same tag', async () => {
    const tags = await Promise.all(
      keys.slice(0, 2).map(async (key) => header(await running.get(signed('cat', 'w_7', key)), 'etag')),
    );
    expect(tags[0]).toBe(tags[1]);
  });

  it('a signature is in no line of the log', async () => {
    await running.get(signed('cat', 'w_6'));
    expect(JSON.stringify(running.log)).not.toContain(signatureOf('cat', 'w_6'));
  });
});

describe('Threat F2: a key', () => {
  it.each(['', 'short', 'x'.repeat(31), `${keys[0]},`, `${keys[0]},short`, ','.repeat(64), 'a'.repeat(64)])(
    'that is "%s" stops the start and is not shown',
    (key) => {
      expect(() => readConfig({ TINTYPE_SIGNING_KEYS: key })).toThrow(
        'Expected keys of at least 32 bytes joined by commas for TINTYPE_SIGNING_KEYS but received something else',
      );
    },
  );

  it('has its length counted in bytes of UTF-8', () => {
    expect(readConfig({ TINTYPE_SIGNING_KEYS: 'äöüß'.repeat(4) }).signingKeys).toHaveLength(1);
  });
});

describe('Threat F4: keys change', () => {
  it('every key of the list is believed, one taken out is not', async () => {
    expect(await status(signed('cat', 'w_5', keys[0]))).toBe(200);
    expect(await status(signed('cat', 'w_5', keys[1]))).toBe(200);
    expect(await status(signed('cat', 'w_5', keys[2]))).toBe(403);
  });
});

describe('Threat F5: a URL that expires', () => {
  const at = (rest: string) => running.get(signed('cat', rest));

  it('is answered until then and no second longer', async () => {
    const expires = now() + 600;
    expect((await at(`exp_${expires},w_4`)).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: (expires - 1) * 1000 });
    expect((await at(`exp_${expires},w_4`)).status).toBe(200);
    vi.setSystemTime(expires * 1000);
    const answer = await at(`exp_${expires},w_4`);
    expect([answer.status, header(answer, 'cache-control')]).toEqual([410, 'no-store']);
    vi.setSystemTime((expires + 600) * 1000);
    expect((await at(`exp_${expires},w_4`)).status).toBe(410);
    vi.setSystemTime((expires - 600) * 1000);
    expect((await at(`exp_${expires},w_4`)).status).toBe(200);
  });

  it('expires before its words are read, and after its signature is', async () => {
    expect((await at('exp_1000,w_0')).status).toBe(410);
    expect((await at('w_9%2Cexp_1000')).status).toBe(410);
    expect((await at('%65xp_1000')).status).toBe(410);
    expect(await status(`/img/cat/s--${'A'.repeat(32)}--/exp_1000,w_9`)).toBe(403);
  });

  it('is kept by no cache beyond it', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_900_000_000_000 });
    const control = async (rest: string) => header(await at(rest), 'cache-control');
    expect(await control('exp_1900000030,w_4')).toBe(
      'public, max-age=30, s-maxage=30, stale-while-revalidate=0, stale-if-error=0',
    );
    expect(await control('exp_1900004000,w_4')).toBe(
      'public, max-age=60, s-maxage=3600, stale-while-revalidate=400, stale-if-error=400',
    );
    const version = (await (await running.get('/originals/cat/info', withToken)).json()) as { version: string };
    expect(await control(`exp_1900000500,v_${version.version.slice(0, 8)},w_4`)).toBe('public, max-age=500, immutable');
    expect(await control('exp_1900000010,w_0')).toBe('public, max-age=10');
    const fresh = await running.get(signed('cat', 'exp_1900000030,w_4'), {
      'if-none-match': header(await at('exp_1900000030,w_4'), 'etag'),
    });
    expect([fresh.status, header(fresh, 'cache-control')]).toEqual([
      304,
      'public, max-age=30, s-maxage=30, stale-while-revalidate=0, stale-if-error=0',
    ]);
  });

  it.each(['exp_NaN', 'exp_-1', 'exp_1e400', 'exp_', 'exp_1900000000.5', 'exp_99999999999999', 'w_9/exp_1900000000'])(
    'has a legal time: %s is a 400',
    async (words) => {
      vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
      expect((await at(words)).status).toBe(400);
    },
  );

  it('has one time, at most ten years ahead', async () => {
    expect((await at(`exp_${now() + 100},exp_${now() + 200}`)).status).toBe(400);
    expect((await at(`exp_${now() + 9 * 365 * 86_400},w_9`)).status).toBe(200);
    expect((await at(`exp_${now() + 11 * 366 * 86_400},w_9`)).status).toBe(400);
  });

  it('is the same picture as one that does not', async () => {
    const tags = await Promise.all(
      [`exp_${now() + 100},w_4`, 'w_4'].map(async (rest) => header(await at(rest), 'etag')),
    );
    expect(tags[0]).toBe(tags[1]);
  });

  it('is signed: without a signature the word is a 400', async () => {
    const unsigned = await startTintype(folder);
    try {
      const answer = await unsigned.get('/img/cat/exp_1900000000,w_9');
      expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
        400,
        expect.stringContaining('signed URLs only'),
      ]);
    } finally {
      await unsigned.close();
    }
  });
});

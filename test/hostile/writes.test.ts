import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { RemoteOriginals } from '../../src/library/intake/by-url.ts';
import { FetchSlots, maxFetches, maxFetchesOfClient } from '../../src/library/intake/fetch-slots.ts';
import { UnsignedFetchCap } from '../../src/library/intake/unsigned-fetch-cap.ts';
import { allPages } from '../../src/library/pages.ts';
import { DecisionCache, maxStored } from '../../src/library/selection/decision-cache.ts';
import { decisionPrefix, tagIndex } from '../../src/library/storage-keys.ts';
import { openStore } from '../../src/store/index.ts';
import { maxBytes } from '../../src/transform/params/most-bytes.ts';
import { shelve, stopRenderer } from '../support/library.ts';
import { solid } from '../support/tintype.ts';

afterAll(stopRenderer);

const source = fileURLToPath(new URL('../../src', import.meta.url));
const memoryStore = () => openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 });

/** Each file that writes into a store while a GET is answered, with what in it, or in what it calls, bounds the writes. */
const bounds: Readonly<Record<string, string>> = {
  'library/originals/originals.ts':
    'one original an id; of unsigned URLs `maxUnsignedFetches`, else what the source holds',
  'library/originals/records.ts': 'one record an original',
  'library/selection/decision-cache.ts': '`maxStored` a version of an original',
  'library/variants/working-copies.ts': '`TINTYPE_SCRATCH` bytes',
  'library/variants/write-behind.ts': '`TINTYPE_VARIANTS_PER_ORIGINAL` a version, `TINTYPE_VARIANTS_MAX` bytes',
};

/** Files that write only for a token, a sweep, the start, or a job. */
const notForStrangers = [
  'cli/doctor/stores.ts',
  'jobs/job-store.ts',
  'library/maintenance/reindex.ts',
  'library/maintenance/stats.ts',
  'library/maintenance/sweep-record.ts',
  'library/maintenance/sweep.ts',
  'library/originals/upload-tokens.ts',
  'library/variants/epoch.ts',
  'server/sample-images.ts',
];

describe('Every write that a GET can cause', () => {
  it('stands in a file of this list, with its bound', () => {
    const files = readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(source, join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith('store/'));
    const writes = /\b(?:store|bucket|variants|cache)\s*\.(?:put|putIfAbsent|replaceIf)\(/;
    const writing = files.filter((file) => writes.test(readFileSync(join(source, file), 'utf8')));
    expect(writing.toSorted()).toEqual([...Object.keys(bounds), ...notForStrangers].toSorted());
  });
});

describe('What encodings have found out', () => {
  it('is asked for in at most 20 steps a decade: another number of bytes is no other question', () => {
    const read = (thousands: number) => maxBytes.parse(`${thousands}k`) ?? Number.NaN;
    const asked = Array.from({ length: 9999 }, (_, index) => index + 1);
    expect(asked.filter((thousands) => read(thousands) > thousands * 1000)).toEqual([]);
    expect(asked.filter((thousands) => read(read(thousands) / 1000) !== read(thousands))).toEqual([]);
    expect(asked.filter((thousands) => read(thousands) < thousands * 850 && thousands > 20)).toEqual([]);
    expect(new Set(asked.map(read)).size).toBeLessThanOrEqual(80);
    expect([20, 50, 100, 200, 500, 1000, 50_000].map((thousands) => read(thousands) / 1000)).toEqual([
      20, 50, 100, 200, 500, 1000, 50_000,
    ]);
  });

  it('is stored for two hundred questions about one version; further answers are known for a while', async () => {
    const store = await memoryStore();
    const node = await shelve(store);
    const { original } = await node.put('cat', await solid('#ff8800'));
    const decisions = new DecisionCache({ store, report: () => {} });
    for (let question = 0; question < maxStored + 300; question++) {
      await decisions.putIfAbsent(original, `mb.${question}`, '1', Number);
      expect(await decisions.find(original, `mb.${question}`, Number)).toBe(1);
    }
    let stored = 0;
    for await (const entries of allPages(store, decisionPrefix(original))) stored += entries.length;
    expect(stored).toBeLessThan(maxStored + 20);
  });
});

describe('Pictures that strangers name by URL', () => {
  const remote = new RemoteOriginals({
    source: null,
    fetches: true,
    originals: { known: () => undefined, find: async () => null },
    ingest: {
      storeFromUrl: () => {
        throw new Error('Expected no fetch');
      },
      store: async () => {
        throw new Error('Expected nothing to be stored');
      },
    },
    unsigned: {
      admit: async () => {
        throw new Error('admit');
      },
    },
  });

  it('have one id whatever the fragment says', () => {
    expect(remote.idOf('https://cats.example/a.jpg#1')).toEqual(remote.idOf('https://cats.example/a.jpg#2'));
    expect(remote.idOf('https://cats.example/a.jpg?1')).not.toEqual(remote.idOf('https://cats.example/a.jpg?2'));
  });

  it('are stored up to a cap where the URL has no signature', async () => {
    const store = await memoryStore();
    for (const number of [1, 2]) await store.put(`${tagIndex('fetched-unsigned')}0${number}`, new Uint8Array());
    const cap = new UnsignedFetchCap(store, 3);
    await cap.admit();
    await expect(cap.admit()).rejects.toMatchObject({ kind: 'overloaded', headers: { 'Retry-After': '60' } });
    const { id } = remote.idOf('https://cats.example/a.jpg');
    const unsigned = { client: 'a', isSigned: false };
    await expect(remote.bring(id, 'https://cats.example/a.jpg', unsigned)).rejects.toThrow('admit');
    const signed = { client: 'a', isSigned: true };
    await expect(remote.bring(id, 'https://cats.example/a.jpg', signed)).rejects.toThrow('no fetch');
  });

  it('are fetched so many at once, and so many for one client', async () => {
    const slots = new FetchSlots();
    let resolve: (text: string) => void = () => {};
    const end = new Promise<string>((settle) => {
      resolve = settle;
    });
    const running = Array.from({ length: maxFetchesOfClient }, () => slots.run('a', () => end));
    await expect(slots.run('a', () => end)).rejects.toMatchObject({ kind: 'overloaded' });
    const others = Array.from({ length: maxFetches - maxFetchesOfClient }, () => slots.run('b', () => end));
    await expect(slots.run('c', () => end)).rejects.toMatchObject({ kind: 'overloaded' });
    resolve('done');
    await Promise.all([...running, ...others]);
    expect(await slots.run('a', async () => 'again')).toBe('again');
  });
});

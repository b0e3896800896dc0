import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexEntriesOf } from '../../src/library/storage-keys.ts';
import { type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;
let whole: Readonly<Record<string, unknown>>;
let damaged = 0;

beforeAll(async () => {
  server = await startTintype();
  await server.put('fine', await solid('#336699'));
  const blob = await server.tintype.store.get('o/fine/current.json');
  whole = JSON.parse(new TextDecoder().decode(blob?.bytes));
});
afterAll(() => server.close());

/** A record with one member of another shape; undefined leaves it out. */
const damage = [
  ['facts', null],
  ['facts', { format: 'jpg' }],
  ['facts', { format: 'exe', mediaType: 'image/jpeg', width: 1, height: 1, orientation: 1, alpha: false, pages: 1 }],
  ['version', 'short'],
  ['generation', 1.5],
  ['blob', ''],
  ['bytes', '12'],
  ['createdAt', 'yesterday'],
  ['createdAt', undefined],
  ['tags', null],
  ['tags', ['a/../b']],
  ['focalPoint', [2, 0.5]],
  ['boxes', [[0, 0, 1]]],
  ['metadata', []],
  ['lifetime', -1],
  ['look', { dominantColor: 1 }],
  ['removed', 'exif'],
  ['source', 7],
] as const;

/** Stores it under an id that was never read, with an index entry; answers the id. */
async function storeDamaged(record: string): Promise<string> {
  damaged += 1;
  const id = `hurt:${damaged}`;
  const { store } = server.tintype;
  await store.put(indexEntriesOf({ id, createdAt: '2026-01-31T12:00:00.000Z', tags: [] })[0] ?? '', new Uint8Array());
  await store.put(`o/${id}/current.json`, new TextEncoder().encode(record.replace('"fine"', JSON.stringify(id))));
  return id;
}

describe('A damaged record', () => {
  it.each(damage)('(%s: %j) is a 502 for its id; lists, sweeps and purges go on', async (member, value) => {
    const id = await storeDamaged(JSON.stringify({ ...whole, [member]: value }));
    const answer = await server.get(`/img/${id}/w_10`);
    expect(await answer.json()).toMatchObject({ status: 502, code: 'damaged-original' });
    const list = (await (await server.get('/originals', withToken)).json()) as { originals: { id: string }[] };
    expect(list.originals.map((original) => original.id)).toEqual(['fine']);
    const body = JSON.stringify({ ids: [id, 'fine'], variants: ['w_10'] });
    const purge = await server.send('POST', '/purge', { body, headers: withToken });
    expect(purge.status).toBe(207);
    expect(await purge.json()).toMatchObject({ originals: 1, errors: [expect.stringContaining(id)] });
    expect((await server.send('POST', '/sweep?dryRun', { headers: withToken })).status).toBe(200);
  });

  it('is reported twenty times a second, however often it is asked for', async () => {
    const id = await storeDamaged('torn');
    const reports = () => server.reports.filter((sentence) => sentence.includes(id)).length;
    const began = performance.now();
    for (let asked = 0; asked < 100; asked++) await server.get(`/img/${id}`);
    expect(reports()).toBeLessThanOrEqual(20 * Math.ceil((performance.now() - began) / 1000 + 1));
    expect(reports()).toBeLessThan(100);
  });

  it('is counted', async () => {
    const before = await damagedReads();
    await server.get(`/img/${await storeDamaged('torn')}`);
    expect(await damagedReads()).toBeGreaterThan(before);
  });
});

async function damagedReads(): Promise<number> {
  const metrics = await (await server.get('/metrics', withToken)).text();
  return Number(/^tintype_damaged_reads_total\{kind="original"\} (\d+)/m.exec(metrics)?.[1]);
}

import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { LocalCluster } from '../../../../src/cluster/local.ts';
import { Failure } from '../../../../src/errors.ts';
import { Readiness, type ReadinessOptions } from '../../../../src/library/maintenance/readiness.ts';
import type { BlobStore } from '../../../../src/store/blob-store.ts';
import { openStore } from '../../../../src/store/index.ts';

const memory = await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e6 });

/** A node of one, whose store answers a probe, and a read where one is given, so. */
function nodeOf(
  probe: () => Promise<void>,
  { get = (key) => memory.get(key), ...options }: Partial<ReadinessOptions & Pick<BlobStore, 'get'>> = {},
) {
  const store: BlobStore = Object.assign(Object.create(memory), { probe, get });
  return new Readiness({
    store,
    renderer: { countAlive: () => 2 },
    cluster: new LocalCluster(),
    clock: { state: 'ok' },
    folders: [tmpdir()],
    largestUpload: 1,
    ...options,
  });
}

const works = () => Promise.resolve();
const fails = (cause: object) => (): Promise<never> =>
  Promise.reject(new Failure('store-unreachable', 'no', { cause }));
const coded = (code: string) => Object.assign(new Error(code), { code });

it.each([
  ['works', works, undefined, 'ok'],
  ['has no space', () => Promise.reject(new Failure('disk-full', 'no')), undefined, 'full'],
  ['may not be written', fails(coded('EROFS')), undefined, 'read-only'],
  ['refuses a write with 403', fails({ status: 403 }), undefined, 'read-only'],
  ['refuses a write and a read with 403', fails({ status: 403 }), fails({ status: 403 }), 'unreachable'],
  ['does not answer', fails(coded('ECONNREFUSED')), undefined, 'unreachable'],
])('A node whose store %s is ready and says so; asked strictly, only a good store is ready', async (...row) => {
  const [, probe, get, store] = row;
  const node = nodeOf(probe, get === undefined ? {} : { get });
  const strict = await node.check(true);
  expect(strict).toMatchObject({ store, reasons: store === 'ok' ? [] : [`store ${store}`] });
  expect(await node.check(false)).toMatchObject({ status: 'ready', reasons: [], store });
});

it('A store that hangs does not keep a probe of a load balancer waiting, and is reported after two seconds', async () => {
  const node = nodeOf(() => new Promise(() => undefined));
  const begun = performance.now();
  expect(await node.check(false)).toMatchObject({ status: 'ready' });
  expect(performance.now() - begun).toBeLessThan(900);
  expect(await node.check(true)).toMatchObject({ status: 'not ready', store: 'unreachable' });
});

it('A node is not ready while no renderer lives, or while it drains', async () => {
  const node = nodeOf(works, { renderer: { countAlive: () => 0 } });
  node.drain();
  expect((await node.check(false)).reasons).toEqual(['draining', 'no rendering process']);
});

it('A disk without room for the largest upload is low, and a clock is as its check says', async () => {
  const node = nodeOf(works, { largestUpload: 2 ** 60, clock: { state: 'skewed' } });
  expect(await node.check(true)).toMatchObject({ disk: 'low', reasons: ['disk low', 'clock skewed'] });
  expect((await node.check(false)).status).toBe('ready');
});

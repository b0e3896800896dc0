import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { openStore } from '../../src/store/index.ts';
import { allKeys, bytesOf, drain, inTurns, textAt } from '../contract/blobs.ts';
import { type Fault, FaultProxy, refusal } from './support/fault-proxy.ts';
import { type S3Server, startS3 } from './support/rgw.ts';

const deadline = 3000;
const unreachable = { name: 'Failure', kind: 'store-unreachable' };
const slowDown = refusal(503, 'SlowDown');
const big = new Uint8Array(500_000).fill(7);

let s3: S3Server;
let bucket: string;
let proxy: FaultProxy;
let scratchFolder: string;
/** Through the proxy. */
let store: BlobStore;
/** The same blobs, past the proxy. */
let truth: BlobStore;
let opened = 0;

const open = (url: string, endpoint: string): Promise<BlobStore> =>
  openStore(url, { scratchFolder, scratchBytes: 10_000_000, s3: { endpoint, forcePathStyle: true, deadline } });

beforeAll(async () => {
  s3 = await startS3();
  bucket = await s3.bucket();
  proxy = await FaultProxy.start(s3.endpoint);
  scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-faults-'));
});

afterAll(async () => {
  await proxy.close();
  await rm(scratchFolder, { recursive: true });
});

beforeEach(async () => {
  opened += 1;
  const url = `s3://${bucket}/faults-${opened}`;
  store = await open(url, proxy.endpoint);
  truth = await open(url, s3.endpoint);
  await truth.put('a/old', bytesOf('old'));
  await truth.put('a/big', big);
});

afterEach(async () => {
  proxy.calm();
  await Promise.all([store.close(), truth.close()]);
});

/** All bytes and no others (toEqual takes a second for so many). */
function expectBig(bytes: Uint8Array | undefined): void {
  expect(Buffer.compare(bytes ?? new Uint8Array(), big)).toBe(0);
}

/** Milliseconds until `work` ends, one way or the other. */
async function timeOf(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work.catch(() => undefined);
  return performance.now() - began;
}

const everyCall: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['get', () => store.get('a/old')],
  ['read', () => store.read('a/old').then(drain)],
  ['stat', () => store.stat('a/old')],
  ['put', () => store.put('a/new', bytesOf('new'))],
  ['putIfAbsent', () => store.putIfAbsent('a/new', bytesOf('new'))],
  ['delete', () => store.delete(['a/old'])],
  ['delete of many', () => store.delete(['a/old', 'a/big'])],
  ['list', () => store.list('a/', { limit: 10 })],
  ['localPath', () => store.localPath('a/old')],
];

describe('what passes by itself is tried again', () => {
  const passing: readonly (readonly [string, Fault])[] = [
    ['503 SlowDown', slowDown],
    ['500 InternalError', refusal(500, 'InternalError')],
    ['429', refusal(429, 'TooManyRequests')],
    ['a 502 page of a load balancer', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Oops' }],
    ['a lost connection', 'drop'],
    ['a lost answer', 'lose answer'],
  ];

  test.each(passing)('%s, twice, hinders no call', async (_name, fault) => {
    for (const [name, call] of everyCall) {
      await truth.put('a/old', bytesOf('old'));
      await truth.delete(['a/new']);
      proxy.next(fault, fault);
      const result = await call();
      expect(result, name).not.toBeNull();
      expect(result, name).not.toBe(false);
    }
  });

  test('up to three refusals for every key: a hundred blobs go in and come out', async () => {
    const tries = new Map<string, number>();
    proxy.fault = ({ method, url }) => {
      const before = tries.get(method + url) ?? 0;
      tries.set(method + url, before + 1);
      return before < Number(/(\d)\?/.exec(url)?.[1]) % 4 ? slowDown : null;
    };
    const keys = Array.from({ length: 100 }, (_, n) => `many/${n}`);
    await inTurns(keys, (key) => store.put(key, bytesOf(key)));
    await inTurns(keys, async (key) => expect(await textAt(store, key)).toBe(key));
    expect(proxy.seen.length).toBeGreaterThanOrEqual(2 * (100 + 30 * 1 + 20 * 2 + 20 * 3));
    await store.delete(keys);
    expect(await allKeys(store, 'many/')).toEqual([]);
  });

  test('a file is sent again from its beginning', async () => {
    const path = join(scratchFolder, 'upload');
    await writeFile(path, big);
    proxy.next('lose answer', slowDown, 'drop');
    await store.put('a/file', { path });
    expectBig((await truth.get('a/file'))?.bytes);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  test('a file that breaks while it is sent is a Failure', async () => {
    // A folder has a size and can be opened; only its first byte cannot be read.
    await expect(store.put('a/file', { path: scratchFolder })).rejects.toThrow('EISDIR');
  });

  test('a clock that is five minutes wrong is corrected by the server’s', async () => {
    const date = new Date(Date.now() + 300_000).toUTCString();
    proxy.next(refusal(403, 'RequestTimeTooSkewed', { date }));
    expect(await textAt(store, 'a/old')).toBe('old');
    expect(proxy.seen).toHaveLength(2);
  });
});

describe('an outage ends in a Failure within the deadline, and leaves no mark', () => {
  const down: readonly (readonly [string, () => Promise<void>, () => Promise<void>])[] = [
    ['refused connections', () => proxy.refuse(), () => proxy.accept()],
    ['no answers', async () => void (proxy.fault = () => 'hang'), async () => proxy.calm()],
    ['nothing but SlowDown', async () => void (proxy.fault = () => slowDown), async () => proxy.calm()],
  ];

  test.each(down)('%s', async (_name, begin, end) => {
    await begin();
    const calls = everyCall.flatMap(([, call]) => Array.from({ length: 8 }, call));
    const times = Promise.all(calls.map(timeOf));
    const results = await Promise.allSettled(calls);
    await end();
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: unreachable });
    // Far less than twice, but the machine may be busy with other tests.
    expect(Math.max(...(await times))).toBeLessThan(2 * deadline);
    expect(await timeOf(store.get('a/old'))).toBeLessThan(deadline);
    expect(await textAt(store, 'a/old')).toBe('old');
  });

  test('a probe tells it too', async () => {
    proxy.fault = () => refusal(503, 'ServiceUnavailable');
    await expect(store.probe()).rejects.toThrow('ServiceUnavailable (503)');
  });
});

describe('a cut body is never taken for a whole one', () => {
  const isGet = (fault: Fault) => (seen: { readonly method: string }) => (seen.method === 'GET' ? fault : null);

  test('once cut, it is read again', async () => {
    proxy.next('cut');
    expectBig((await store.get('a/big'))?.bytes);
    proxy.next('cut');
    const file = await store.localPath('a/big');
    expectBig(await readFile(file?.path ?? ''));
    file?.release();
  });

  test('always cut, it is a Failure, and no local copy stays', async () => {
    proxy.fault = isGet('cut');
    await expect(store.get('a/big')).rejects.toMatchObject(unreachable);
    await expect(store.localPath('a/big')).rejects.toMatchObject(unreachable);
    const folders = await readdir(scratchFolder);
    const copies = await Promise.all(folders.map((name) => readdir(join(scratchFolder, name)).catch(() => [])));
    expect(copies.flat()).toEqual([]);
  });

  test('a stream that is being read ends with an error', async () => {
    proxy.next('cut');
    await expect(store.read('a/big').then(drain)).rejects.toMatchObject(unreachable);
  });

  test('a stream that stalls ends with an error; a reader who stalls does not end his', async () => {
    proxy.next('stall');
    const stalled = expect(store.read('a/big').then(drain)).rejects.toMatchObject(unreachable);
    await expect.poll(() => proxy.seen.length).toBe(1);
    const slow = await store.read('a/big');
    await stalled;
    // By now nobody has read from it for longer than the server may be silent.
    expectBig(await drain(slow));
  });

  test('what does not fit into the spool uses no sockets up', async () => {
    const url = `s3://${bucket}/faults-${opened}`;
    const options = { scratchFolder, scratchBytes: 1000, s3: { endpoint: proxy.endpoint, forcePathStyle: true } };
    const cramped = await openStore(url, options);
    for (let n = 0; n < 40; n += 1) {
      await expect(cramped.localPath('a/big')).rejects.toMatchObject({ kind: 'disk-full' });
    }
    expect(proxy.sockets.size).toBeLessThan(20);
    await cramped.close();
  });

  test('cuts and dropped streams use no sockets up', async () => {
    let calls = 0;
    proxy.fault = () => (++calls % 2 === 0 ? 'cut' : null);
    for (let n = 0; n < 40; n += 1) {
      (await store.read('a/big'))?.on('error', () => undefined).destroy();
      await store.get('a/big');
    }
    proxy.calm();
    expect(await timeOf(store.get('a/big'))).toBeLessThan(deadline);
    expect(proxy.sockets.size).toBeLessThan(20);
  });
});

describe('only a missing key is missing', () => {
  const asked: readonly string[] = ['get', 'read', 'stat', 'localPath', 'list'];
  const questions = everyCall.filter(([name]) => asked.includes(name));

  test.each([
    [403, 'AccessDenied'],
    [403, 'InvalidAccessKeyId'],
    [403, 'RequestTimeTooSkewed'],
    [404, 'NoSuchBucket'],
    [400, 'AuthorizationHeaderMalformed'],
    [301, 'PermanentRedirect'],
  ])('%d %s is a Failure, whatever was asked', async (status, code) => {
    proxy.fault = ({ method }) => (method === 'HEAD' ? { status } : refusal(status, code));
    for (const [name, call] of questions) await expect(call(), name).rejects.toMatchObject(unreachable);
  });

  test('a bucket that is not there is a Failure', async () => {
    const lost = await open('s3://no-such-bucket/x', s3.endpoint);
    await expect(lost.get('a')).rejects.toThrow('The S3 server could not read a blob: NoSuchBucket (404)');
    await expect(lost.stat('a')).rejects.toMatchObject(unreachable);
    await expect(lost.list('', { limit: 1 })).rejects.toMatchObject(unreachable);
    await expect(lost.putIfAbsent('a', bytesOf('a'))).rejects.toMatchObject(unreachable);
    await expect(lost.replaceIf('a', bytesOf('a'), '"x"')).rejects.toMatchObject(unreachable);
    await expect(lost.probe()).rejects.toMatchObject(unreachable);
    await lost.close();
  });

  test('a wrong secret is a Failure without it', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'the-wrong-secret';
    const stranger = await open(`s3://${bucket}/faults`, s3.endpoint);
    const error = await stranger.get('a').catch((caught: unknown) => caught);
    Object.assign(process.env, s3.env);
    await stranger.close();
    expect(error).toMatchObject(unreachable);
    const everything = inspect(error, { depth: null, showHidden: true });
    expect(everything).toContain('SignatureDoesNotMatch');
    expect(everything).not.toContain('the-wrong-secret');
    expect(everything).not.toMatch(/authorization|Credential=/i);
  });
});

describe('one winner, even when answers are lost', () => {
  test('a writer whose answer was lost has won all the same', async () => {
    proxy.next('lose answer');
    expect(await store.putIfAbsent('a/new', bytesOf('mine'))).toBe(true);
    const tag = (await truth.get('a/old'))?.tag ?? '';
    proxy.next('lose answer');
    const next = await store.replaceIf('a/old', bytesOf('newer'), tag);
    expect(await truth.get('a/old')).toMatchObject({ tag: next });
  });

  test('one whose try was lost before it arrived loses to who came between', async () => {
    let calls = 0;
    proxy.fault = () => {
      calls += 1;
      return calls === 1 ? 'drop' : null;
    };
    const tag = (await truth.get('a/old'))?.tag ?? '';
    await truth.put('a/old', bytesOf('between'));
    expect(await store.replaceIf('a/old', bytesOf('mine'), tag)).toBeNull();
    await truth.put('a/new', bytesOf('between'));
    calls = 0;
    expect(await store.putIfAbsent('a/new', bytesOf('mine'))).toBe(false);
    expect(await textAt(truth, 'a/new')).toBe('between');
    proxy.calm();
    // Where no try was lost there is nothing to look up.
    expect(await store.putIfAbsent('a/new', bytesOf('mine'))).toBe(false);
    expect(proxy.seen).toHaveLength(1);
  });

  test('a conflict of two writers is tried again', async () => {
    proxy.next(refusal(409, 'ConditionalRequestConflict'));
    expect(await store.putIfAbsent('a/new', bytesOf('mine'))).toBe(true);
  });

  test.each([
    ['refuses', refusal(501, 'NotImplemented'), 'It answered NotImplemented (501)'],
    ['ignores', { status: 200, headers: { etag: '"x"' } }, 'It wrote although the condition did not hold'],
  ])('a server that %s conditions is refused at the start, in one sentence', async (_does, fault, received) => {
    proxy.fault = ({ method }) => (method === 'PUT' ? fault : null);
    const sentence =
      'The S3 server does not support conditional writes (If-None-Match, If-Match), so writers would overwrite ' +
      `each other; use another server. ${received}`;
    await expect(store.probe()).rejects.toThrow(sentence);
    // A second look does not make it any better.
    await expect(store.probe()).rejects.toThrow(sentence);
  });
});

describe('deletes', () => {
  const posts = (): number => proxy.seen.filter(({ method }) => method === 'POST').length;

  test('a server that takes no batches is not asked twice', async () => {
    await truth.put('a/third', bytesOf('x'));
    proxy.fault = ({ method }) => (method === 'POST' ? refusal(400, 'InvalidRequest') : null);
    await store.delete(['a/old', 'a/big']);
    expect(await allKeys(truth, '')).toEqual(['a/third']);
    await store.delete(['a/third', 'a/fourth']);
    expect(await allKeys(truth, '')).toEqual([]);
    expect(posts()).toBe(1);
  });

  test('what a batch did not delete is tried alone, and told when that fails too', async () => {
    const key = `faults-${opened}/a/big`;
    const body = `<DeleteResult><Error><Key>${key}</Key><Code>InternalError</Code></Error></DeleteResult>`;
    proxy.fault = ({ method }) => (method === 'POST' ? { status: 200, body } : null);
    await store.delete(['a/old', 'a/big']);
    expect(proxy.seen.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    expect(await allKeys(truth, '')).toEqual(['a/old']);
    proxy.fault = ({ method }) => (method === 'POST' ? { status: 200, body } : refusal(403, 'AccessDenied'));
    await expect(store.delete(['a/old', 'a/big'])).rejects.toThrow('The S3 server refused to delete 1 of 2 blobs');
  });
});

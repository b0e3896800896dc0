import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../src/store/index.ts';

let scratchFolder: string;

beforeAll(async () => {
  scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-open-'));
});

afterAll(async () => {
  await rm(scratchFolder, { recursive: true });
});

const open = (url: string) => openStore(url, { scratchFolder, scratchBytes: 1000 });

test.each([
  ['', 'received ""'],
  ['data', 'received "data"'],
  ['./data', 'received "./data"'],
  ['ftp://user:secret@host/', 'received "ftp:…"'],
  ['FILE:./data', 'received "FILE:…"'],
  ['__proto__:x', 'received "__proto__:…"'],
  ['file:', 'Expected file:./folder or file:/folder but received "file:"'],
  ['file://host/data', 'Expected file:./folder or file:/folder but received "file://host/data"'],
  ['s3:', 'Expected s3://bucket or s3://bucket/prefix'],
  ['s3://', 'Expected s3://bucket or s3://bucket/prefix'],
  ['s3:bucket/prefix', 'Expected s3://bucket or s3://bucket/prefix'],
  ['s3://bucket/../prefix', 'prefix: at most 119'],
  ['s3://bucket//prefix', 'prefix: at most 119'],
  [`s3://bucket/${'p'.repeat(120)}`, 'prefix: at most 119'],
  ['s3://key:secret@bucket/prefix', 'received another s3: URL'],
  ['memory:x', 'Expected nothing after memory: but received "x"'],
])('the URL %j is refused in one sentence', async (url, sentence) => {
  const opening = open(url);
  await expect(opening).rejects.toThrow(/^Expected .* but received .*$/);
  await expect(opening).rejects.toThrow(sentence);
  await expect(opening).rejects.not.toThrow('secret');
});

test('a relative folder stands under the working folder', async () => {
  const before = process.cwd();
  process.chdir(scratchFolder);
  try {
    const store = await open('file:./data');
    expect(store.name).toBe(`file:${join(scratchFolder, 'data')}`);
    await store.close();
  } finally {
    process.chdir(before);
  }
});

test.each(['host:9000', 'ftp://host', 'http://key:secret@host', 'https://secret@host'])(
  'the endpoint %j is refused in one sentence, which does not repeat it',
  async (endpoint) => {
    const opening = openStore('s3://bucket', { scratchFolder, scratchBytes: 1000, s3: { endpoint } });
    await expect(opening).rejects.toThrow(
      'Expected an http or https URL without credentials for the S3 endpoint but received something else',
    );
  },
);

test.each([
  ['s3://bucket', 's3://bucket'],
  ['s3://bucket/', 's3://bucket'],
  ['s3://bucket/some/prefix', 's3://bucket/some/prefix'],
  ['s3://bucket/some/prefix/', 's3://bucket/some/prefix'],
])('the URL %j opens without asking the server, as %j', async (url, name) => {
  const s3 = { endpoint: 'http://127.0.0.1:1', forcePathStyle: true };
  const store = await openStore(url, { scratchFolder, scratchBytes: 1000, s3 });
  expect(store.name).toBe(name);
  await store.close();
});

test('stores of one kind do not share what they keep', async () => {
  const [one, two] = await Promise.all([open('memory:'), open('memory:')]);
  await one.put('a', new Uint8Array(1));
  expect(await two.get('a')).toBeNull();
  await Promise.all([one.close(), two.close()]);
});

import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { exactStream } from '../../../src/store/exact-stream.ts';
import { incomingBytes } from '../../../src/store/s3/s3-arriving.ts';
import { Attempt } from '../../../src/store/s3/s3-attempts.ts';

const explain = (cause: unknown): Failure => new Failure('store-unreachable', 'Expected all', { cause });
const streamOf = (...texts: readonly string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));

test('as many bytes as expected pass', async () => {
  expect(String(await buffer(exactStream(streamOf('ab', 'c'), { bytes: 3, explain })))).toBe('abc');
  expect(String(await buffer(exactStream(streamOf(), { bytes: 0, explain })))).toBe('');
});

test.each([
  ['fewer', 4],
  ['more', 2],
])('%s are an error', async (_what, bytes) => {
  const stream = exactStream(streamOf('ab', 'c'), { bytes, explain });
  await expect(buffer(stream)).rejects.toThrow(`Expected ${bytes} bytes from the store but received 3`);
});

test('what breaks the source is explained, with its cause', async () => {
  const source = new PassThrough();
  source.write('ab');
  const reading = buffer(exactStream(source, { bytes: 3, explain }));
  source.destroy(new Error('cut'));
  await expect(reading).rejects.toMatchObject({ message: 'Expected all', cause: { message: 'cut' } });
});

test('a dropped stream drops its source', async () => {
  const source = new PassThrough();
  exactStream(source, { bytes: 3, explain }).destroy();
  await new Promise((resolve) => source.once('close', resolve));
  expect(source.destroyed).toBe(true);
});

test('a source that goes silent ends with an error', async () => {
  const source = new PassThrough();
  source.write('ab');
  const reading = buffer(exactStream(source, { bytes: 3, patience: 20, explain }));
  await expect(reading).rejects.toMatchObject({ cause: { message: 'No byte arrived for 20 ms' } });
});

test('a reader who is silent himself is waited for', async () => {
  const stream = exactStream(streamOf('a'.repeat(100_000), 'b'), { bytes: 100_001, patience: 20, explain });
  await pause(200);
  expect((await buffer(stream)).byteLength).toBe(100_001);
});

test('an arriving object of another length than announced is an error', async () => {
  const attempt = new Attempt(1, performance.now() + 1000);
  const arrive = async (bytes: number): Promise<Uint8Array[]> => {
    const chunks: Uint8Array[] = [];
    const object = { key: 'a', tag: 't', modified: 0, bytes, body: streamOf('ab', 'c') };
    for await (const chunk of incomingBytes(object, attempt)) chunks.push(chunk);
    return chunks;
  };
  expect(String(Buffer.concat(await arrive(3)))).toBe('abc');
  await expect(arrive(4)).rejects.toThrow('Expected 4 bytes but received 3');
  await expect(arrive(2)).rejects.toThrow('Expected 2 bytes but received 3');
  attempt.stop();
});

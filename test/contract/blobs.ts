import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { BlobStore } from '../../src/store/blob-store.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** What stands under `key`, as text; null where nothing does. */
export async function textAt(store: BlobStore, key: string): Promise<string | null> {
  const blob = await store.get(key);
  return blob === null ? null : textOf(blob.bytes);
}

/** All bytes of a stream that must be there. */
export async function drain(stream: Readable | null): Promise<Bytes> {
  if (stream === null) throw new Error('Expected a stream but received null');
  return new Uint8Array(await buffer(stream));
}

/** Every key under a prefix, by pages of `limit`. */
export async function allKeys(store: BlobStore, prefix: string, limit = 1000): Promise<string[]> {
  const keys: string[] = [];
  let after: string | null = '';
  while (after !== null) {
    const page = await store.list(prefix, { after, limit });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    keys.push(...page.entries.map((entry) => entry.key));
    after = page.next;
  }
  return keys;
}

/** Eight at a time: fast enough on S3, and in no store's way. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

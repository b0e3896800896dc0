import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { noAnnotations, type Original } from '../src/library/original.ts';
import { encodeRecord } from '../src/library/originals/record.ts';
import { currentPrefix, indexEntriesOf, originalKey, recordKey, variantName } from '../src/library/storage-keys.ts';

/** Bytes of each original that is only counted, never opened. */
export const bytesOfEach = 1000;

/** Objects of each: pointer, bytes, two markers, one variant. */
export const objectsOfEach = 5;

const facts = {
  format: 'jpg',
  mediaType: 'image/jpeg',
  width: 64,
  height: 48,
  orientation: 1,
  alpha: false,
  pages: 1,
} as const;

/** Writes originals with a variant each as the store of a folder keeps them, without waiting for the disk: to be swept, not shown. */
export async function crowd(folder: string, ids: readonly string[], createdBefore: number): Promise<void> {
  const atOnce = 32;
  const left = [...ids.entries()];
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [index, id] = next;
      await writeOne(folder, originalOf(id, createdBefore - index * 1000));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

function originalOf(id: string, time: number): Original {
  const version = createHash('sha256').update(id).digest('hex');
  return {
    ...noAnnotations,
    id,
    version,
    generation: time,
    blob: originalKey(id, version, '0'),
    bytes: bytesOfEach,
    facts,
    createdAt: new Date(time).toISOString(),
    removed: [],
    source: null,
  };
}

async function writeOne(folder: string, original: Original): Promise<void> {
  const variant = variantName({ hash: 'hash', width: 64, height: 48, extension: 'webp' });
  const files: readonly (readonly [key: string, bytes: Uint8Array])[] = [
    ...indexEntriesOf(original).map((key) => [key, new Uint8Array()] as const),
    [original.blob, new Uint8Array(bytesOfEach)],
    [currentPrefix(0, original) + variant, new Uint8Array(bytesOfEach)],
    [recordKey(original.id), encodeRecord(original)],
  ];
  for (const [key, bytes] of files) {
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

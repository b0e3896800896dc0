import type { BlobStore } from '../../store/blob-store.ts';
import { decodeRecord } from '../originals/record.ts';
import { allPages } from '../pages.ts';
import { indexEntriesOf, readOriginalKey } from '../storage-keys.ts';

/**
 * Writes every marker anew from the pointers, which alone are the truth; for a store that was copied without its index.
 * Answers how many originals there are; damaged pointers are passed over. Markers that lie are left to the sweep.
 */
export async function rebuildIndexes(store: BlobStore): Promise<number> {
  let count = 0;
  for await (const entries of allPages(store, 'o/')) {
    for (const { key } of entries) {
      const named = readOriginalKey(key);
      const blob = named?.isRecord === true ? await store.get(key) : null;
      if (named === null || blob === null) continue;
      const { original } = decodeRecord(blob.bytes, named.id);
      if (original === null) continue;
      for (const entry of indexEntriesOf(original)) await store.put(entry, new Uint8Array());
      count += 1;
    }
  }
  return count;
}

import { decodeRecord } from '../../library/originals/record.ts';
import { allPages } from '../../library/pages.ts';
import { readOriginalKey, recordKey } from '../../library/storage-keys.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import { type Finding, failed, passed } from './check.ts';

/** Milliseconds of reading, and names in the sentence. */
const maxTime = 5000;
const maxNamed = 10;
const readsAtOnce = 16;

/** Reads as many records of originals as five seconds allow, and names those that are damaged. */
export async function checkRecords(what: string, store: BlobStore): Promise<Finding> {
  const end = performance.now() + maxTime;
  const damaged: string[] = [];
  let [read, isWhole] = [0, true];
  for await (const entries of allPages(store, 'o/')) {
    const records = entries.flatMap(({ key }) => readOriginalKey(key) ?? []).filter(({ isRecord }) => isRecord);
    for (let first = 0; first < records.length && isWhole; first += readsAtOnce) {
      const some = records.slice(first, first + readsAtOnce);
      const isDamaged = await Promise.all(some.map(({ id }) => isRecordDamaged(store, id)));
      damaged.push(...some.filter((_, index) => isDamaged[index] === true).map(({ id }) => id));
      read += some.length;
      isWhole = performance.now() < end;
    }
    if (!isWhole) break;
  }
  const seen = `${read} records of originals were read${isWhole ? '' : ', which is not all'}`;
  if (damaged.length === 0) return passed(`${what}: records`, `${seen}; none is damaged`);
  const named = damaged.slice(0, maxNamed).join(', ') + (damaged.length > maxNamed ? ', …' : '');
  const fix = 'Upload these originals again, or restore o/{id}/current.json from a backup';
  return failed(`${what}: records`, `${seen}; ${damaged.length} are damaged: ${named}`, fix);
}

async function isRecordDamaged(store: BlobStore, id: string): Promise<boolean> {
  const blob = await store.get(recordKey(id));
  return blob !== null && decodeRecord(blob.bytes, id).damaged !== null;
}

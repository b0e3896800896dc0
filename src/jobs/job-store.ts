import type { BlobEntry, BlobStore } from '../store/blob-store.ts';
import { endedJobLifetime } from './job-queue.ts';
import {
  idOfIndexEntry,
  idOfRecord,
  type JobRecord,
  jobRecordKey,
  openKey,
  openPrefix,
  readRecord,
  recordPrefix,
  writeRecord,
} from './job-record.ts';

const pageSize = 1000;
const nothing = new Uint8Array();

/** Jobs as blobs: a record for each, and an empty marker for each that has not ended. */
export class JobStore {
  readonly #store: BlobStore;
  readonly #onDamaged: () => void;

  /** `onDamaged` is called for every record that was read and is damaged. */
  constructor(store: BlobStore, onDamaged = () => {}) {
    this.#store = store;
    this.#onDamaged = onDamaged;
  }

  async read(id: string): Promise<{ readonly record: JobRecord; readonly tag: string } | null> {
    const blob = await this.#store.get(jobRecordKey(id));
    const record = blob === null ? null : readRecord(blob.bytes, id);
    if (blob !== null && record === null) this.#onDamaged();
    return blob === null || record === null ? null : { record, tag: blob.tag };
  }

  /** The marker first, so that no record is overlooked. False where one stands already. */
  async add(record: JobRecord): Promise<boolean> {
    await this.#store.put(openKey(record.id), nothing);
    return this.#store.putIfAbsent(jobRecordKey(record.id), writeRecord(record));
  }

  /** The new tag; null where the record was changed since it had this one. */
  replace(record: JobRecord, tag: string): Promise<string | null> {
    return this.#store.replaceIf(jobRecordKey(record.id), writeRecord(record), tag);
  }

  /** Ids of jobs that have not ended, the oldest first. */
  async *open(): AsyncGenerator<string> {
    for await (const { key } of this.#entries(openPrefix)) yield idOfIndexEntry(key);
  }

  async removeIndexEntry(id: string): Promise<void> {
    await this.#store.delete([openKey(id)]);
  }

  /** When its marker was written, in milliseconds since 1970; null where it has none. */
  async indexedAt(id: string): Promise<number | null> {
    return (await this.#store.stat(openKey(id)))?.modified ?? null;
  }

  /** Forgets jobs that ended long ago. `now`: milliseconds since 1970. */
  async clean(now: number): Promise<void> {
    for await (const { key, modified } of this.#entries(recordPrefix)) {
      if (now - modified <= endedJobLifetime || (await this.indexedAt(idOfRecord(key))) !== null) continue;
      await this.#store.delete([key]);
    }
  }

  async *#entries(prefix: string): AsyncGenerator<BlobEntry> {
    let after: string | null = '';
    while (after !== null) {
      const page = await this.#store.list(prefix, { after, limit: pageSize });
      yield* page.entries;
      after = page.next;
    }
  }
}

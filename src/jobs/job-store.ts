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

/** Jobs in a blob store: one record each, and an empty index entry for each unfinished job. */
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

  /**
   * Writes the index entry before the record, so that no record is missed. Returns false if the record exists already.
   */
  async add(record: JobRecord): Promise<boolean> {
    await this.#store.put(openKey(record.id), nothing);
    return this.#store.putIfAbsent(jobRecordKey(record.id), writeRecord(record));
  }

  /** Returns the new tag, or null if the record no longer has `tag`. */
  replace(record: JobRecord, tag: string): Promise<string | null> {
    return this.#store.replaceIf(jobRecordKey(record.id), writeRecord(record), tag);
  }

  /** Ids of unfinished jobs, oldest first. */
  async *open(): AsyncGenerator<string> {
    for await (const { key } of this.#entries(openPrefix)) yield idOfIndexEntry(key);
  }

  async removeIndexEntry(id: string): Promise<void> {
    await this.#store.delete([openKey(id)]);
  }

  /** Time its index entry was written, in milliseconds since 1970; null without one. */
  async indexedAt(id: string): Promise<number | null> {
    return (await this.#store.stat(openKey(id)))?.modified ?? null;
  }

  /** Deletes jobs that ended more than 7 days ago. `now`: milliseconds since 1970. */
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

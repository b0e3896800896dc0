import type { JobRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';

/**
 * A job leased by this process. Writes are compare-and-swap, one after another; a failed one means that the lease is
 * lost.
 */
export class LeasedJob {
  readonly #store: JobStore;
  readonly #lost = new AbortController();
  #record: JobRecord;
  #tag: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(store: JobStore, record: JobRecord, tag: string) {
    this.#store = store;
    this.#record = record;
    this.#tag = tag;
  }

  get record(): JobRecord {
    return this.#record;
  }

  /** Aborts once another process has the job, or by `release`. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  release(): void {
    this.#lost.abort();
  }

  /** Writes the changed record. Returns false if another process has the job. */
  write(change: (record: JobRecord) => JobRecord): Promise<boolean> {
    const written = this.#writing.then(() => this.#swap(change(this.#record)));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #swap(next: JobRecord): Promise<boolean> {
    const tag = await this.#store.replace(next, this.#tag);
    if (tag === null) {
      this.release();
      return false;
    }
    this.#record = next;
    this.#tag = tag;
    return true;
  }
}

import type { JobRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';

/** A job in our hands: every write goes on from the one before, and one that does not find it there has lost the job. */
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

  /** Aborted once somebody else has the job, or by `letGo`. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  release(): void {
    this.#lost.abort();
  }

  /** False where somebody else has the job by now. */
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

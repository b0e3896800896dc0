import type { JobRecord } from './job-record.ts';
import type { KeptJobs } from './job-store.ts';

/** A job in our hands: every write goes on from the one before, and one that does not find it there has lost the job. */
export class HeldJob {
  readonly #kept: KeptJobs;
  readonly #lost = new AbortController();
  #record: JobRecord;
  #tag: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(kept: KeptJobs, record: JobRecord, tag: string) {
    this.#kept = kept;
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

  letGo(): void {
    this.#lost.abort();
  }

  /** False where somebody else has the job by now. */
  write(change: (record: JobRecord) => JobRecord): Promise<boolean> {
    const written = this.#writing.then(() => this.#swap(change(this.#record)));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #swap(next: JobRecord): Promise<boolean> {
    const tag = await this.#kept.replace(next, this.#tag);
    if (tag === null) {
      this.letGo();
      return false;
    }
    this.#record = next;
    this.#tag = tag;
    return true;
  }
}

import { type Report } from '../../observability/report.ts';
import type { BlobStore } from '../../store/blob-store.ts';

/** Bytes that may wait to be saved; above it answers go out unsaved rather than fill the memory. */
const maxBytesWaiting = 64 * 1024 * 1024;

/** Saves variants after they were answered: clients do not wait for the bucket, a drain does. */
export class WriteBehind {
  readonly #store: BlobStore;
  readonly #report: Report;
  readonly #saving = new Map<string, Promise<void>>();
  #bytes = 0;

  constructor(store: BlobStore, report: Report) {
    this.#store = store;
    this.#report = report;
  }

  /** Bytes that wait to be saved. */
  get waiting(): number {
    return this.#bytes;
  }

  /** False where too much waits already: then it is not saved. `isAllowed` is asked first, while no reply waits for it. */
  save(key: string, bytes: Uint8Array<ArrayBuffer>, isAllowed: () => Promise<boolean>): boolean {
    if (this.#bytes + bytes.byteLength > maxBytesWaiting) return false;
    this.#bytes += bytes.byteLength;
    const saving = isAllowed()
      .then((allowed) => (allowed ? this.#store.put(key, bytes, 'remakeable') : undefined))
      .catch((cause: unknown) => this.#report('A variant could not be saved', cause))
      .finally(() => {
        this.#bytes -= bytes.byteLength;
        if (this.#saving.get(key) === saving) this.#saving.delete(key);
      });
    this.#saving.set(key, saving);
    return true;
  }

  /** Resolves once nothing is being saved under the key. */
  async settled(key: string): Promise<void> {
    await this.#saving.get(key);
  }

  async drain(): Promise<void> {
    while (this.#saving.size > 0) await Promise.all(this.#saving.values());
  }
}

import { isUnreachable, storeTimeout, withStoreTimeout } from '../../concurrency/store-timeout.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import { CoalescedReads, type IsInSync } from '../originals/coalesced-reads.ts';
import { epochKey } from '../storage-keys.ts';

/** What purging everything counts up: variants of another epoch have other names. */
export class PurgeEpoch {
  readonly #store: BlobStore;
  readonly #maxAge: number;
  readonly #isInSync: IsInSync;
  readonly #reads: CoalescedReads<number>;
  #value = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #excusedUntil = 0;
  #forgottenAt = Number.NEGATIVE_INFINITY;

  /** `trust`: milliseconds for which the number is believed without asking the store; `hears` as for pointers. */
  constructor(store: BlobStore, trust: number, isInSync: IsInSync = () => true) {
    this.#store = store;
    this.#maxAge = trust;
    this.#isInSync = isInSync;
    this.#reads = new CoalescedReads(isInSync);
  }

  /** Without asking the store: as of the last `refresh`. */
  get value(): number {
    return this.#value;
  }

  get isFresh(): boolean {
    const now = performance.now();
    return now < this.#excusedUntil || (now - this.#readAt < this.#maxAge && this.#isInSync(this.#readAt));
  }

  /** While the store does not answer, what was last heard of it is good enough. */
  async current(): Promise<number> {
    if (this.isFresh) return this.#value;
    return withStoreTimeout(
      storeTimeout,
      this.#reads.join('', () => this.refresh()),
    ).catch((thrown: unknown) => {
      if (!isUnreachable(thrown)) throw thrown;
      this.#excusedUntil = performance.now() + this.#maxAge;
      return this.#value;
    });
  }

  /** Asks the store. */
  async refresh(): Promise<number> {
    const began = performance.now();
    const blob = await this.#store.get(epochKey);
    this.#keep(blob === null ? 0 : readNumber(blob.bytes), began);
    return this.#value;
  }

  /** From now on nothing that was read before is believed. */
  invalidate(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#excusedUntil = 0;
    this.#forgottenAt = performance.now();
    this.#reads.invalidate('');
  }

  async bump(): Promise<number> {
    for (;;) {
      const began = performance.now();
      const blob = await this.#store.get(epochKey);
      const next = (blob === null ? 0 : readNumber(blob.bytes)) + 1;
      const bytes = new TextEncoder().encode(String(next));
      const won =
        blob === null
          ? await this.#store.putIfAbsent(epochKey, bytes)
          : await this.#store.replaceIf(epochKey, bytes, blob.tag);
      if (won === null || won === false) continue;
      this.#keep(next, began);
      return next;
    }
  }

  #keep(value: number, began: number): void {
    this.#value = Math.max(this.#value, value);
    // Read before it was heard that it is another by now.
    if (began >= this.#forgottenAt) this.#readAt = Math.max(this.#readAt, began);
  }
}

function readNumber(bytes: Uint8Array): number {
  const value = Number(new TextDecoder().decode(bytes));
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

import type { BlobStore } from '../store/blob-store.ts';
import { epochKey } from './names.ts';
import { isUnreachable, patience, within } from './patience.ts';

/** What purging everything counts up: variants of another epoch have other names. */
export class Epoch {
  readonly #store: BlobStore;
  readonly #trust: number;
  #value = 0;
  #readAt = Number.NEGATIVE_INFINITY;

  /** `trust`: milliseconds for which the number is believed without asking the store. */
  constructor(store: BlobStore, trust: number) {
    this.#store = store;
    this.#trust = trust;
  }

  /** Without asking the store: as of the last `refresh`. */
  get value(): number {
    return this.#value;
  }

  get isFresh(): boolean {
    return performance.now() - this.#readAt < this.#trust;
  }

  /** While the store does not answer, what was last heard of it is good enough. */
  async current(): Promise<number> {
    if (this.isFresh) return this.#value;
    return within(patience, this.refresh()).catch((thrown: unknown) => {
      if (!isUnreachable(thrown)) throw thrown;
      this.#keep(this.#value);
      return this.#value;
    });
  }

  /** Asks the store. */
  async refresh(): Promise<number> {
    const blob = await this.#store.get(epochKey);
    this.#keep(blob === null ? 0 : readNumber(blob.bytes));
    return this.#value;
  }

  async bump(): Promise<number> {
    for (;;) {
      const blob = await this.#store.get(epochKey);
      const next = (blob === null ? 0 : readNumber(blob.bytes)) + 1;
      const bytes = new TextEncoder().encode(String(next));
      const won =
        blob === null
          ? await this.#store.putIfAbsent(epochKey, bytes)
          : await this.#store.replaceIf(epochKey, bytes, blob.tag);
      if (won === null || won === false) continue;
      this.#keep(next);
      return next;
    }
  }

  #keep(value: number): void {
    this.#value = Math.max(this.#value, value);
    this.#readAt = performance.now();
  }
}

function readNumber(bytes: Uint8Array): number {
  const value = Number(new TextDecoder().decode(bytes));
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

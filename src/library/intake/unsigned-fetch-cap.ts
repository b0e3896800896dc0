import { Failure } from '../../errors.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import { maxUnsignedFetches, unsignedFetchTag } from '../originals/unsigned-fetches.ts';
import { tagIndex } from '../storage-keys.ts';
import { VariantCap } from '../variants/variant-cap.ts';

/** Counts the originals that URLs without a signature had fetched; further ones are refused. */
export class UnsignedFetchCap {
  readonly #cap: VariantCap;

  constructor(store: BlobStore, max = maxUnsignedFetches) {
    this.#cap = new VariantCap(store, max);
  }

  /** Throws `overloaded` where no more may be stored. */
  async admit(): Promise<void> {
    if (await this.#cap.take(tagIndex(unsignedFetchTag))) return;
    throw new Failure(
      'overloaded',
      'The number of originals that unsigned URLs had fetched is at its limit; sign the URLs or delete some',
      { headers: { 'Retry-After': '60' } },
    );
  }
}

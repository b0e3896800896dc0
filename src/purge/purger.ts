/** Cache tags to purge, or everything. */
export type Keys = readonly string[] | 'everything';

export interface CdnPurgeOrder {
  readonly keys: Keys;
  /** Soft purge: mark as stale, so that the CDN may serve it while it revalidates. */
  readonly soft: boolean;
}

/** Result of a purge at one CDN. */
export interface CdnPurgeResult {
  /** Keys that were not purged; empty on success. */
  readonly left: Keys;
  /** Reason, one sentence safe to show to clients; null if nothing is left. */
  readonly error: string | null;
  /** Whether the purge was soft. */
  readonly soft: boolean;
}

/**
 * A CDN that can be purged. Each promise below is a test of the contract suite.
 *
 * - It sends every key, in as few requests as the provider's limit allows.
 * - It retries temporary errors (no answer, 408, 429, 5xx) with jitter, 3 tries in all, never before the provider's
 *   Retry-After. It does not retry other refusals.
 * - A failed batch does not stop the others. `left` contains exactly the keys of failed batches.
 * - It never throws. When the signal aborts, it ends at once and returns the unconfirmed keys in `left`.
 * - Errors contain no secret and no address.
 * - If the provider cannot purge softly, it purges hard and returns `soft: false`.
 */
export interface Cdn {
  /** Unique among all CDNs: the kind, with a number if it repeats. */
  readonly name: string;
  purge(order: CdnPurgeOrder, signal: AbortSignal): Promise<CdnPurgeResult>;
}

/** Answers of ours by their tags, or all that a CDN has of us. */
export type Keys = readonly string[] | 'everything';

export interface CdnPurgeOrder {
  readonly keys: Keys;
  /** Marked stale instead of forgotten: served once more while a fresh answer is fetched. */
  readonly soft: boolean;
}

/** What came of an order. */
export interface CdnPurgeResult {
  /** What the CDN may still hold: empty where all went well. */
  readonly left: Keys;
  /** Why, in a sentence that may be shown; null where nothing is left. */
  readonly error: string | null;
  /** Whether answers were only marked stale. */
  readonly soft: boolean;
}

/**
 * A CDN that can be told to forget. The promises, each of them a test of the contract suite:
 *
 * - Every key is told, in as few requests as the provider's limit allows.
 * - What fails for a moment (no answer, 408, 429, 5xx) is tried again after pauses with jitter, 3 times in all, never sooner
 *   than the provider's Retry-After; what is refused for good is not.
 * - A batch that fails holds no other up: `left` names the keys of those that failed, and no others.
 * - It never throws. Once the signal is aborted it ends at once, and what was not answered for is left.
 * - No error says a secret or an address.
 * - Where the provider cannot mark stale, it forgets, and says so.
 */
export interface Cdn {
  /** Of all purgers its own: the kind, with a number where it repeats. */
  readonly name: string;
  purge(order: CdnPurgeOrder, signal: AbortSignal): Promise<CdnPurgeResult>;
}

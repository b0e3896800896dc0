/** What of a request line is a dialect's business: what stands behind its prefix, or all of it on a host of its own. */
export interface PeerUrl {
  /** As it was sent, without the slash it begins with. */
  readonly path: string;
  /** As it was sent, without the question mark; empty when there is none. */
  readonly query: string;
}

/** Where a peer's URL says that its picture lies. */
export type PeerSource =
  /** Names joined by slashes, decoded: a path of ours or of our source. */
  | { readonly kind: 'path'; readonly path: string }
  /** `https://…`, `http://…` or `s3://…`. */
  | { readonly kind: 'url'; readonly url: string };

/** A peer's URL in our words. */
export interface Translation {
  readonly source: PeerSource;
  /** Components of ours, as a path has them; empty: none. Presets and ranges are looked at where every URL of ours is. */
  readonly words: string;
  /** What is not quite what the peer would have done, one sentence each. */
  readonly approximations: readonly string[];
  /** Unix seconds until which the URL is answered; null: always. */
  readonly expires: number | null;
}

/** `good`: of one of the keys · `wrong`: of another, or of one that nobody has told us. */
export type Signature = 'unsigned' | 'good' | 'wrong';

/** How a peer signs. */
export interface SignatureScheme {
  /** What a key is, as a phrase behind "Expected". */
  readonly expected: string;
  isKey(text: string): boolean;
  /** Compares in constant time, with every key. */
  signatureOf(url: PeerUrl, keys: readonly string[]): Signature;
}

/**
 * Another product's URLs. Promises:
 *
 * - What is translated has the peer's geometry; what is only alike is among the `approximations`.
 * - What has no counterpart throws `bad-words` with every such word; nothing is passed over in silence.
 * - It is pure: no store, no network, no clock.
 */
export interface Dialect {
  readonly name: string;
  /** For people. */
  readonly product: string;
  /** Where it is at home where nothing else is said. */
  readonly prefix: string;
  /** A documented URL behind the prefix, as an example in mistakes. */
  readonly example: string;
  /** null: the peer signs nothing. */
  readonly signing: SignatureScheme | null;
  translate(url: PeerUrl): Translation;
}

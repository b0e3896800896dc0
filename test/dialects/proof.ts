/** Of a row that no page has: what a page says in words, or what has gone wrong once. */
export const derived = 'derived';

/**
 * A URL of a peer's and what has to come of it. Where a page has a placeholder, or options without a picture, the picture is ours.
 * All pictures are JPEGs.
 */
export interface Example {
  /** Behind the prefix. */
  readonly url: string;
  /** The id that it has to be found under, or the URL of a picture that lies elsewhere. */
  readonly id: string;
  /** Our words, in canonical spelling. */
  readonly words: string;
  /** Of the answer. */
  readonly size: readonly [width: number, height: number];
  /** Of the picture: 800 × 600 where nothing is said. */
  readonly source?: readonly [width: number, height: number];
  /** What the page has, where ours is another. */
  readonly there?: readonly [width: number, height: number];
  /** Without `image/`. */
  readonly type?: string;
  /** Whether the answer says that it is only alike. */
  readonly alike?: true;
}

/** The page that a row is on, or `derived`. */
interface Cited {
  readonly from: string;
}

/** A URL that is refused, and what the 400 has to name. */
export interface Refusal extends Cited {
  readonly url: string;
  readonly names: string;
}

/** A URL that the peer's documentation or tests have signed. */
export interface Signed extends Cited {
  readonly key: string;
  readonly url: string;
  /** 400 where what is signed has no counterpart here, 404 where its picture is nowhere. */
  readonly answer?: 400 | 404;
}

export interface Proof {
  readonly name: string;
  readonly examples: readonly (Example & Cited)[];
  readonly refused: readonly Refusal[];
  readonly vectors: {
    readonly signed: readonly Signed[];
    /** One character changed, or unsigned. */
    readonly wrong: readonly string[];
  } | null;
}

/** Rows of one page. */
export function on(from: string, examples: readonly Example[]): readonly (Example & Cited)[] {
  return examples.map((example) => ({ ...example, from }));
}

export function refusedOn(from: string, rows: readonly (readonly [url: string, names: string])[]): readonly Refusal[] {
  return rows.map(([url, names]) => ({ url, names, from }));
}

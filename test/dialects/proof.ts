/** Pictures of a table are 800 × 600 (`photo`) or 400 × 600 (`portrait`), all of them JPEGs. */
export interface Example {
  /** Behind the prefix. */
  readonly url: string;
  /** The id that it has to be found under. */
  readonly id: string;
  /** Our words, in canonical spelling. */
  readonly words: string;
  /** Of the answer. */
  readonly size: readonly [width: number, height: number];
  /** Without `image/`. */
  readonly type?: string;
  readonly portrait?: true;
  /** Whether the answer says that it is only alike. */
  readonly alike?: true;
}

export interface Proof {
  readonly name: string;
  /** Where all of it was read. */
  readonly sources: readonly string[];
  readonly examples: readonly Example[];
  /** URLs behind the prefix, and what a 400 has to name. */
  readonly refused: readonly (readonly [url: string, names: string])[];
  readonly vectors: {
    readonly key: string;
    /** Signed by the peer's own documentation or tests. */
    readonly signed: readonly string[];
    /** One character changed, or unsigned. */
    readonly wrong: readonly string[];
  } | null;
}

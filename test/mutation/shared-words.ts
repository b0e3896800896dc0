/** How much the words of a text are those of a source file. A word that few texts hold counts more (TF-IDF). */
export class SharedWords {
  readonly #words: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #holders = new Map<string, number>();

  /** Texts by name. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#words = new Map([...texts].map(([name, text]) => [name, wordsIn(text)]));
    for (const words of this.#words.values()) {
      for (const word of words) this.#holders.set(word, (this.#holders.get(word) ?? 0) + 1);
    }
  }

  /** From 0; only comparable for one source. */
  between(name: string, source: ReadonlySet<string>): number {
    const words = this.#words.get(name) ?? new Set();
    const shared = [...words].filter((word) => source.has(word));
    const weight = shared.reduce((sum, word) => sum + Math.log(this.#words.size / (this.#holders.get(word) ?? 1)), 0);
    return weight / Math.sqrt(words.size + 1);
  }
}

/** Words of four letters or more in lower case; names are taken apart. */
export function wordsIn(text: string): ReadonlySet<string> {
  return new Set(
    (text.match(/[A-Z]?[a-z]{3,}/g) ?? []).filter((word) => word.length > 3).map((word) => word.toLowerCase()),
  );
}

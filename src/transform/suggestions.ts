import { nearest } from './nearest.ts';
import { nearestEffect } from './params/effect.ts';
import { type Key, keys, parameters } from './params/index.ts';
import type { Presets } from './transform.ts';

/** Keys by themselves and by their full names. */
export const keysByName: ReadonlyMap<string, Key> = new Map(
  keys.flatMap((key) => [
    [parameters[key].name.replaceAll(' ', ''), key],
    [key, key],
  ]),
);

/** Finds the word of ours that a mistyped one probably meant. Searches once for each distinct word of a URL. */
export class Suggestions {
  readonly #presets: Presets;
  readonly #found = new Map<string, string | null>();

  constructor(presets: Presets) {
    this.#presets = presets;
  }

  preset(word: string): string | null {
    return this.#once(word, () => nearest(word, this.#presets.keys()));
  }

  key(word: string): string | null {
    return this.#once(`${word}_`, () => keysByName.get(nearest(word, keysByName.keys()) ?? '') ?? null);
  }

  effect(value: string): string | null {
    return this.#once(`e_${value}`, () => nearestEffect(value));
  }

  #once(word: string, search: () => string | null): string | null {
    const known = this.#found.get(word);
    if (known !== undefined) return known;
    const found = search();
    this.#found.set(word, found);
    return found;
  }
}

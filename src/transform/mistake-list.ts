import type { Mistake } from '../errors.ts';
import { refuse } from './image-path.ts';

/** As many mistakes as an answer lists. */
const maxListed = 8;

/** Collects what is wrong with a URL. Only mistakes that an answer lists are described, since a suggestion costs a search. */
export class MistakeList {
  readonly #listed: (() => Mistake)[] = [];
  #count = 0;

  add(describe: () => Mistake): void {
    this.#count += 1;
    if (this.#listed.length < maxListed) this.#listed.push(describe);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Throws `bad-words` with the first mistakes and the number of the others. */
  refuse(): never {
    refuse(
      this.#listed.map((describe) => describe()),
      this.#count - this.#listed.length,
    );
  }
}

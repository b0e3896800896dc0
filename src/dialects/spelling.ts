import { encodeWord } from '../transform/encode-word.ts';
import { mistakeAt } from '../transform/image-path.ts';
import { MistakeList } from '../transform/mistake-list.ts';
import { type Key, parameters } from '../transform/params/index.ts';
import { printNumber } from '../transform/params/param.ts';
import type { PeerSource, Translation } from './dialect.ts';

/** Our words by key; effects by key and name, since several may stand in a component. */
type Component = Map<string, string>;

/** Gathers our words while a peer's URL is read, and the mistakes in it. A word that is said twice is as it was said last. */
export class TransformWriter {
  readonly #whole: string;
  readonly #components: [Component, ...Component[]] = [new Map()];
  readonly #answer: Component = new Map();
  readonly #first: Component = new Map();
  readonly #flags = new Set<string>();
  readonly #mistakes = new MistakeList();
  readonly #approximations = new Set<string>();

  /** `whole` is what was sent, for the places of mistakes. */
  constructor(whole: string) {
    this.#whole = whole;
  }

  /** Ours for the peer's word `from`; a mistake where ours does not take that value. */
  word(key: Key, value: string | number, from: string): void {
    const text = typeof value === 'number' ? printNumber(value) : value;
    if (parameters[key].parse(text) === null) this.wrong(from, parameters[key].values);
    else this.#placeOf(key).set(key === 'e' ? `e:${text.replace(/:.*/, '')}` : key, `${key}_${text}`);
  }

  /** A flag of the whole answer. */
  flag(name: string): void {
    this.#flags.add(name);
  }

  /** A flag of this component. */
  componentFlag(name: 'layer_apply' | 'relative'): void {
    const before = this.#last.get('fl');
    this.#last.set('fl', before === undefined ? `fl_${name}` : `${before}.${name}`);
  }

  /** Words behind this one are of the next component. */
  next(): void {
    if (this.#last.size > 0) this.#components.push(new Map());
  }

  has(key: Key): boolean {
    return this.#last.has(key);
  }

  get hasFormat(): boolean {
    return this.#answer.has('f');
  }

  /** The peer's word has no counterpart here. */
  refuse(from: string, why = 'no counterpart of it here'): void {
    this.#mistakes.add(() => mistakeAt(this.#placeIn(from), from, `words that Tintype has; there is ${why}`, 'w_400'));
  }

  wrong(from: string, expected: string): void {
    this.#mistakes.add(() => mistakeAt(this.#placeIn(from), from, expected, 'w_400'));
  }

  /** Of what was taken: what differs from what the peer does, as a sentence. */
  approximate(from: string, difference: string): void {
    this.#approximations.add(`${from}: ${difference}`);
  }

  /** Throws `bad-words` with the first mistakes. */
  translation(source: PeerSource | null, expires: number | null = null): Translation {
    if (source === null && this.#mistakes.isEmpty) this.wrong(this.#whole, 'the path or URL of a picture');
    if (source === null || !this.#mistakes.isEmpty) return this.#mistakes.refuse();
    return { source, words: this.#printed(), approximations: [...this.#approximations], expires };
  }

  get #last(): Component {
    return this.#components.at(-1) ?? this.#components[0];
  }

  #placeOf(key: Key): Component {
    const { place } = parameters[key];
    return place === 'each' ? this.#last : place === 'first' ? this.#first : this.#answer;
  }

  #placeIn(from: string): number {
    return Math.max(0, this.#whole.indexOf(from));
  }

  #printed(): string {
    const components = this.#components.filter((words) => words.size > 0);
    if (components.length === 0) components.push(new Map());
    const flags: readonly [string, string][] =
      this.#flags.size === 0 ? [] : [['fl', `fl_${[...this.#flags].join('.')}`]];
    return components
      .map((words, index) => {
        const lead = index === 0 ? this.#first : [];
        const end = index === components.length - 1 ? [...this.#answer, ...flags] : [];
        const own = words.get('fl');
        const both = end.map(
          ([key, word]) => [key, key === 'fl' && own !== undefined ? `${own}.${word.slice(3)}` : word] as const,
        );
        return [...new Map([...lead, ...words, ...both]).values()].sort().map(encodeWord).join(',');
      })
      .filter((component) => component !== '')
      .join('/');
  }
}

/** A share of a side, which our words know by its dot; null where it is no number. */
export function fraction(text: string): string | null {
  if (!/^(\d+(\.\d*)?|\.\d+)$/.test(text)) return null;
  const printed = printNumber(Number(text));
  return printed.includes('.') ? printed : `${printed}.0`;
}

/** A plain number of a peer's, signs and fractions included; null where it is none. */
export function numberIn(text: string): number | null {
  return /^-?(\d{1,12}(\.\d{1,9})?|\.\d{1,9})$/.test(text) ? Number(text) : null;
}

/** Percent-decoded; null where that cannot be. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** `e_blur` for a standard deviation in pixels: our strength is 50 σ − 25. */
export function blurOf(sigma: number): string {
  return `blur:${Math.min(2000, Math.max(1, Math.round(50 * sigma - 25)))}`;
}

import type { Control } from './control.ts';

/**
 * One word of the URL language. Its file says all there is to know of it: the parser, the printer, the README's table,
 * the OpenAPI document, the playground and the property suite read it from here.
 */
export interface Parameter<V> {
  readonly key: string;
  /** The full name, for documents. */
  readonly name: string;
  /** One sentence: what it does to the picture. */
  readonly meaning: string;
  /** Everything legal, as a phrase that fits behind "Expected". */
  readonly values: string;
  /** The default as text, or what happens without the word. */
  readonly fallback: string;
  /** Legal values of every kind; the first is the example in error sentences. */
  readonly samples: readonly [string, ...string[]];
  /** Values just outside of what is legal. */
  readonly wrong: readonly string[];
  /** `each`: of its component · `once`: of the whole answer, in any component · `first`: of the first component only. */
  readonly place: 'each' | 'once' | 'first';
  readonly control: Control;
  /** null = not legal. */
  parse(text: string): V | null;
  /** The one spelling of a value; null = the value is the default and is not printed. */
  print(value: V): string | null;
}

const numberPattern = /^-?(0|[1-9][0-9]*)(\.[0-9]{1,4})?$/;

/** A number as the language spells it (no sign +, no exponent, no leading zero, at most four decimals), or null. */
export function readNumber(text: string, least: number, most: number): number | null {
  if (text.length > 12 || !numberPattern.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most && !Object.is(value, -0) ? value : null;
}

/** The same without a dot. */
export function readInteger(text: string, least: number, most: number): number | null {
  return text.includes('.') ? null : readNumber(text, least, most);
}

/** The shortest spelling with at most four decimals. */
export function printNumber(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** Pixels, or a share of the upright picture: a dot makes a fraction, so `1` is a pixel and `1.0` the whole side. */
export type Length =
  | { readonly unit: 'px'; readonly value: number }
  | { readonly unit: 'fraction'; readonly value: number };

export interface LengthRange {
  readonly px: readonly [least: number, most: number];
  readonly fraction: readonly [least: number, most: number];
}

export function readLength(text: string, range: LengthRange): Length | null {
  const unit = text.includes('.') ? 'fraction' : 'px';
  const [least, most] = range[unit];
  const value = readNumber(text, least, most);
  return value === null ? null : { unit, value };
}

export function printLength(length: Length): string {
  const text = printNumber(length.value);
  return length.unit === 'fraction' && !text.includes('.') ? `${text}.0` : text;
}

/** One of a closed list of words, spelled exactly. */
export function readOneOf<const W extends string>(text: string, words: readonly W[]): W | null {
  return words.find((word) => word === text) ?? null;
}

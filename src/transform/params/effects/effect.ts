import { type Control, numberFrom } from '../control.ts';
import { printNumber, readInteger } from '../param.ts';

/**
 * One effect of the word `e`: everything the language knows of it. The parser, the printer, the README's table and the
 * property suite read it from here; what it does to pixels stands in the step of the same name.
 */
export interface EffectKind<V, Bare extends string | null = string | null> {
  readonly name: string;
  /** One sentence: what it does to the picture. */
  readonly meaning: string;
  /** What may stand behind the name, as a phrase; empty: nothing. */
  readonly values: string;
  /** What the bare name stands for, as text; null where a value is needed or none is taken. */
  readonly fallback: Bare;
  /** Legal texts behind `e_` of every kind; the first is the example, and changes a picture. */
  readonly samples: readonly [string, ...string[]];
  readonly wrong: readonly string[];
  readonly control: Control;
  /** Whether `co` has a say in it. */
  readonly takesColour: boolean;
  /** What stands behind the name's colon, null where nothing does. null = not legal. */
  parse(text: string | null): V | null;
  /** The shortest text behind the colon; null = bare. */
  print(value: V): string | null;
  /** True where the effect would change nothing: it is then as if it had not been asked for. */
  isIdle(value: V): boolean;
}

interface Amount {
  readonly name: string;
  readonly meaning: string;
  readonly least: number;
  readonly most: number;
  /** Absent: a value has to be given. */
  readonly fallback?: number;
  /** The value that changes nothing. */
  readonly idle?: number;
  readonly takesColour?: boolean;
}

/** An effect of one whole number. */
export function amount(one: Amount & { readonly fallback: number }): EffectKind<number, string>;
export function amount(one: Amount & { readonly fallback?: never }): EffectKind<number, null>;
export function amount({
  name,
  meaning,
  least,
  most,
  fallback,
  idle,
  takesColour = false,
}: Amount): EffectKind<number> {
  const bare = fallback === undefined ? `${name}:${most}` : name;
  return {
    name,
    meaning,
    values: `an integer from ${least} to ${most}`,
    fallback: fallback === undefined ? null : String(fallback),
    samples: [bare, `${name}:${least}`, `${name}:${most}`, `${name}:${Math.floor((least + most) / 2)}`],
    wrong: [
      `${name}:${least - 1}`,
      `${name}:${most + 1}`,
      `${name}:`,
      `${name}:${least}.5`,
      `${name}:${least}:1`,
      ...(fallback === undefined ? [name] : []),
    ],
    control: numberFrom(least, most),
    takesColour,
    parse: (text) => (text === null ? (fallback ?? null) : readInteger(text, least, most)),
    print: (value) => (value === fallback ? null : printNumber(value)),
    isIdle: (value) => value === idle,
  };
}

/** An effect that is asked for or not. */
export function plain(name: string, meaning: string): EffectKind<true, null> {
  return {
    name,
    meaning,
    values: '',
    fallback: null,
    samples: [name],
    wrong: [`${name}:`, `${name}:1`],
    control: { kind: 'nothing' },
    takesColour: false,
    parse: (text) => (text === null ? true : null),
    print: () => null,
    isIdle: () => false,
  };
}

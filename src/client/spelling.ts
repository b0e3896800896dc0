import type { QualityLevel } from '../formats/names.ts';
import type { ColourName } from '../transform/params/colour.ts';
import type { DuotoneColours } from '../transform/params/effects/duotone.ts';
import type { EffectName, EffectValue, effects } from '../transform/params/effects/index.ts';
import type { Flag } from '../transform/params/flags.ts';
import type { Key, ValueOf } from '../transform/params/index.ts';

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type Hex = Digit | 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** A CSS name, `rgb:` and digits, or 3, 4, 6 or 8 hex digits, of which the compiler sees the first two. */
export type ColourSpelling = ColourName | `rgb:${Hex}${Hex}${string}` | `${Hex}${Hex}${string}`;

/** Pixels as a whole number, or a share with a dot: `0.5`, and `'1.0'` for the whole side, since 1 is a pixel. */
export type LengthSpelling = number | `${number}`;

type RightAngle = 'hflip' | 'vflip' | `${number}`;

type Behind<V> = V extends number
  ? `${number}`
  : V extends DuotoneColours
    ? `${string}:${string}`
    : V extends object
      ? `${number}:${number}`
      : never;

type SpellingOf<N extends EffectName> =
  | (EffectValue<N> extends true ? N : (typeof effects)[N]['fallback'] extends string ? N : never)
  | `${N}:${Behind<EffectValue<N>>}`;

/** An effect: bare where it has a default or needs no value, else with its value behind a colon. */
export type EffectSpelling = { [N in EffectName]: SpellingOf<N> }[EffectName];

/** What may be written of a word whose value is more than a number or one of some names. */
interface Spellings {
  readonly a: number | RightAngle | 'auto' | 'ignore' | `${RightAngle | 'auto' | 'ignore'}.${RightAngle}${string}`;
  readonly ar: number | `${number}:${number}`;
  readonly b: ColourSpelling | 'auto' | 'blurred';
  readonly bo: `${number}px_solid_${ColourSpelling}`;
  readonly co: ColourSpelling;
  readonly e: EffectSpelling | readonly EffectSpelling[];
  readonly fl: Flag | readonly Flag[];
  /** An id, or what `text` prints. */
  readonly l: string;
  readonly h: LengthSpelling;
  readonly mb: `${number}${'k' | 'm'}`;
  readonly q: number | 'auto' | `auto:${QualityLevel}` | `${number}:${'444' | '420'}` | `ssim:${number}`;
  readonly r: number | 'max' | `${number}:${number}:${number}:${number}`;
  readonly t: string | readonly string[];
  readonly w: LengthSpelling;
  readonly x: LengthSpelling;
  readonly y: LengthSpelling;
}

/** What may be written behind a key; for all others what the catalogue reads it as. */
export type Spelling<K extends Key> = K extends keyof Spellings ? Spellings[K] : Extract<ValueOf<K>, number | string>;

/** One component: word → value as it stands in a URL, such as `{ w: 400, c: 'fill', e: ['sharpen', 'sepia:60'] }`. */
export type Component = { readonly [K in Key]?: Spelling<K> | undefined };

/** Components apply from left to right; `d`, `pg`, `v` and `exp` stand in the first one only. */
export type Transform = Component | readonly Component[];

import { formats } from '../formats/index.ts';
import { encodeWord } from './encode-word.ts';
import { formatOfName } from './id-segments.ts';
import { places, type Role, rolesOf, signsOf } from './layers.ts';
import { printEffects } from './params/effect.ts';
import { flagNames } from './params/flags.ts';
import { type Key, keys, parameters, type Words } from './params/index.ts';
import type { Parameter } from './params/param.ts';
import { gravityOf, modeOf, takesColour } from './rules.ts';
import type { RequestedTransform } from './transform.ts';

/** A value's text without its key, or null where it says no more than the default. */
function printValue(words: Words, key: Key, role: Role): string | null {
  const value = words[key];
  if (value === undefined) return null;
  if (key === 'c') return printMode(words);
  if (key === 'g') return printGravity(words, role);
  if (key === 'co' && !takesColour(words)) return null;
  if ((key === 'x' || key === 'y') && words.g !== 'xy_center' && words[key]?.value === 0) return null;
  // One catalogue row parses and prints the same type; the union over all rows hides that from the compiler.
  return (parameters[key] as Parameter<unknown>).print(value);
}

/** Written wherever the printed words would decide otherwise. */
function printMode(words: Words): string | null {
  const unsaid = words.ar === undefined ? 'limit' : 'fill';
  return words.c === undefined || words.c === unsaid ? null : words.c;
}

/** Offsets other than a crop's need a gravity to count from, so beside them even the default is written. */
function printGravity(words: Words, role: Role): string | null {
  // A layer lies in the middle, whatever cut it to shape.
  if (places(role)) return words.g === 'center' ? null : (words.g ?? null);
  const offset = isPrinted(words, 'x') || isPrinted(words, 'y');
  const unsaid = modeOf(words) === 'crop' || !offset ? gravityOf({ c: words.c }) : null;
  return words.g === undefined || words.g === unsaid ? null : words.g;
}

function isPrinted(words: Words, key: Key): boolean {
  return printValue(words, key, 'own') !== null;
}

/** One text for each time the word is written: only effects are written several times. */
function printValues(words: Words, key: Key, role: Role): readonly string[] {
  if (key === 'e') return printEffects(words.e ?? {});
  const text = printValue(words, key, role);
  return text === null ? [] : [text];
}

function printWords(words: Words, role: Role): string {
  return keys
    .flatMap((key) => printValues(words, key, role).map((text) => encodeWord(`${key}_${text}`)))
    .sort()
    .join(',');
}

/** A last component that would be taken for a cosmetic name says what it means in one more word. */
function unmistakable(component: string, index: number): string {
  const [key] = component.split('_');
  const isNameLike = index > 0 && key === 'l' && !component.includes(',') && formatOfName(component) !== null;
  return isNameLike ? `g_center,${component}` : component;
}

/** Whether a component says more than the defaults do. */
export function saysAnything(words: Words): boolean {
  return printWords(words, 'own') !== '';
}

function wordsWhere(words: Words, stands: (place: Parameter<unknown>['place']) => boolean): Words {
  const there = keys.filter((key) => words[key] !== undefined && stands(parameters[key].place));
  return Object.fromEntries(there.map((key) => [key, words[key]]));
}

/**
 * The one spelling of a transform: components in order, words sorted, presets expanded, aliases resolved, defaults
 * dropped; the answer's words stand in the last component, `d` and `v` in the first. Knows nothing of the picture.
 * `parse(print(x))` prints the same again.
 */
export function printTransform(transform: RequestedTransform): string {
  const answer = wordsWhere(transform.answer, (place) => place !== 'first');
  const components = transform.components.filter(saysAnything);
  const last = withAnswer(components.at(-1) ?? {}, answer);
  const all = [...components.slice(0, -1), last];
  const [first = {}, ...rest] = all;
  const leading = { ...first, ...wordsWhere(transform.answer, (place) => place === 'first') };
  const printed = [leading, ...rest];
  const roles = rolesOf(printed.map(signsOf));
  const texts = printed.map((words, index) => printWords(words, roles[index] ?? 'own')).filter((text) => text !== '');
  return texts.map((text, index) => (index === texts.length - 1 ? unmistakable(text, index) : text)).join('/');
}

/** Flags of the answer and of a layer may meet in one word. */
function withAnswer(words: Words, answer: Words): Words {
  const both: Words = { ...words, ...answer };
  const flags = [...(words.fl ?? []), ...(answer.fl ?? [])];
  return flags.length === 0 ? both : { ...both, fl: flagNames.filter((flag) => flags.includes(flag)) };
}

/** A path to print: canonical, and with the cosmetic name that caches which go by extension need. */
export function printImagePath(id: string, transform: RequestedTransform, base = '/img/'): string {
  const words = printTransform(transform);
  const path = words === '' ? `${base}${id}` : `${base}${id}/${words}`;
  const format = transform.answer.f;
  if (format === undefined || format === 'auto' || format === 'orig') return path;
  return `${path}/${encodeURIComponent(id)}.${formats[format].extensions[0]}`;
}

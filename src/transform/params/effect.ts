import { nearest } from '../nearest.ts';
import { type EffectName, type Effects, effectNames, effectOf, isEffect } from './effects/index.ts';
import type { Parameter } from './param.ts';

function split(text: string): readonly [name: string, value: string | null] {
  const colon = text.indexOf(':');
  return colon === -1 ? [text, null] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** The names in a value, in canonical order. */
export function namesIn(value: Effects): readonly EffectName[] {
  return effectNames.filter((name) => value[name] !== undefined);
}

/** Effects that would change nothing are not written. */
function printOne(value: Effects, name: EffectName): readonly string[] {
  const kind = effectOf(name);
  if (kind.isIdle(value[name])) return [];
  const text = kind.print(value[name]);
  return [text === null ? name : `${name}:${text}`];
}

/** The words' texts behind `e_`, by name. */
export function printEffects(value: Effects): readonly string[] {
  return namesIn(value).flatMap((name) => printOne(value, name));
}

/** What is expected behind `e_`: the values of the effect that was named, or all names. */
export function expectedEffect(text: string): string {
  const [name] = split(text);
  if (!isEffect(name)) return `an effect: one of ${effectNames.join(', ')}`;
  const { values, fallback } = effectOf(name);
  if (values === '') return `no value behind e_${name}`;
  return `${values} behind e_${name}${fallback === null ? '' : `, or nothing for ${fallback}`}`;
}

/** The effect that was perhaps meant; null where the name is right or nothing is near. */
export function nearestEffect(text: string): string | null {
  const [name] = split(text);
  const found = isEffect(name) ? null : nearest(name, effectNames);
  return found === null ? null : `e_${found}`;
}

/** The only word that may stand several times in a component; each is read alone, and values are merged by name. */
export const effect: Parameter<Effects> = {
  key: 'e',
  name: 'effect',
  meaning: 'Changes what the picture looks like; several different ones may stand in a component.',
  values: 'an effect of the table below, with its value behind a colon',
  fallback: 'none',
  samples: ['sepia', ...effectNames.flatMap((name) => effectOf(name).samples)],
  wrong: ['', 'magic', 'sepia,blur', 'constructor', 'Sepia', ...effectNames.flatMap((name) => effectOf(name).wrong)],
  place: 'each',
  control: { kind: 'effects' },
  parse(text) {
    const [name, value] = split(text);
    if (!isEffect(name)) return null;
    const parsed = effectOf(name).parse(value);
    return parsed === null ? null : { [name]: parsed };
  },
  /** Of a value with one effect: null where it changes nothing. */
  print: (value) => printEffects(value)[0] ?? null,
};

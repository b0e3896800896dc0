import { formatOfExtension } from '../../formats/index.ts';
import { nearest } from '../nearest.ts';
import { cropModes } from '../params/crop.ts';
import { isParamKey, isWord, type Key } from '../params/index.ts';
import { readOneOf } from '../params/param.ts';
import { keysByName } from '../suggestions.ts';
import type { Presets } from '../transform.ts';
import { keyAliases, modeAliases, resizeNames, wordAliases } from './aliases.ts';
import { effectNamed, effectNear, plain, repairValue } from './repair-value.ts';

/** Words of ours; where two sides came without a mode, `mode` is that of the products that write them so. */
export interface RepairedWord {
  readonly words: readonly string[];
  readonly mode?: 'fill';
}

const one = (word: string | null): RepairedWord | null => (word === null ? null : { words: [word] });

/** Words of one URL that are searched for: a search costs up to half a millisecond. */
const maxSearched = 12;

export type Repair = (text: string) => RepairedWord | null;

/** Repairs the words of one URL, each once and only so many. */
export function repairOf(presets: Presets): Repair {
  const known = new Map<string, RepairedWord | null>();
  let searched = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const isOurs = isWord(text) || presets.has(text);
    if (!isOurs) searched += 1;
    const found = isOurs || searched <= maxSearched ? repairWord(text, presets) : null;
    known.set(text, found);
    return found;
  };
}

/** The words of ours that a word meant, or null where that does not follow from it. A word of ours stays as it is. */
function repairWord(text: string, presets: Presets): RepairedWord | null {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > 80) return null;
  if (isWord(trimmed) || presets.has(trimmed)) return { words: [trimmed] };
  return repairSize(trimmed) ?? repairKeyed(trimmed) ?? repairBare(trimmed, presets) ?? repairTypo(trimmed);
}

/** `300x200`, `300x`, `x200`, `2x`, `400`. */
function repairSize(text: string): RepairedWord | null {
  const [, width = '', height = ''] = /^(\d{1,4})?x(\d{1,4})?$/i.exec(text) ?? [];
  if (/^@?[1-5](?:\.\d{1,2})?x$/.test(text)) return one(`dpr_${Number(text.replace(/^@|x$/g, ''))}`);
  if (width !== '' && height !== '') return { words: [`w_${width}`, `h_${height}`], mode: 'fill' };
  if (width !== '') return one(`w_${width}`);
  if (height !== '') return one(`h_${height}`);
  return /^[1-9]\d{1,3}(?:px)?$/i.test(text) ? one(`w_${Number.parseInt(text, 10)}`) : null;
}

/** A name and a value behind any separator, or a name with digits right behind it. */
function repairKeyed(text: string): RepairedWord | null {
  const cuts = [...text.matchAll(/[_=:\-(]/g)].map(({ index }) => [index, index + 1] as const);
  const digits = /^[A-Za-z]+(?=\d)/.exec(text)?.[0].length;
  for (const [end, start] of digits === undefined ? cuts : [...cuts, [digits, digits] as const]) {
    const found = repairPair(text.slice(0, end), text.slice(start).replace(/\)$/, ''));
    if (found !== null) return found;
  }
  return null;
}

/** What a name and its value meant. */
export function repairPair(sent: string, value: string): RepairedWord | null {
  const name = plain(sent);
  if (name === '' || value === '') return null;
  if (resizeNames.includes(name)) return repairResize(value);
  if (name === 'flip') return one(repairedAs('a', value));
  const key = isParamKey(name) ? name : (keysByName.get(name) ?? ownAlias(name));
  if (key === 'c' && name !== 'c') return repairResize(value) ?? one(repairedAs('c', value));
  if (key !== undefined) return one(repairedAs(key, value));
  const effect = name.length > 2 ? effectNear(sent.toLowerCase()) : null;
  return effect === null ? null : one(repairedAs('e', `${effect}:${value}`));
}

const ownAlias = (name: string): Key | undefined => (Object.hasOwn(keyAliases, name) ? keyAliases[name] : undefined);

function repairedAs(key: Key, value: string): string | null {
  const repaired = repairValue(key, value);
  return repaired === null ? null : `${key}_${repaired}`;
}

/** The arguments of a word for resizing: a mode, one or two sides, or both. */
function repairResize(value: string): RepairedWord | null {
  const parts = value.split(/[:x,]/i).filter((part) => part !== '');
  const [first = ''] = parts;
  const mode = /^\d/.test(first) ? null : resizeMode(first);
  if (mode === null && !/^\d/.test(first)) return null;
  const [width = '0', height = '0', ...others] = mode === null ? parts : parts.slice(1);
  const words = [width === '0' ? null : repairedAs('w', width), height === '0' ? null : repairedAs('h', height)];
  if (others.length > 0 || (words.every((word) => word === null) && mode === null)) return null;
  const sides = words.flatMap((word) => word ?? []);
  if (mode !== null) return { words: [`c_${mode}`, ...sides] };
  return sides.length === 2 ? { words: sides, mode: 'fill' } : { words: sides };
}

/** Elsewhere `fit` never enlarges and `crop` covers the box. */
function resizeMode(text: string): string | null {
  const name = plain(text);
  if (name === 'fit') return 'limit';
  if (name === 'crop') return 'fill';
  return readOneOf(name, cropModes) ?? (Object.hasOwn(modeAliases, name) ? (modeAliases[name] ?? null) : null);
}

/** A word without a value: a preset that is near, an effect, a mode, a format. */
function repairBare(text: string, presets: Presets): RepairedWord | null {
  const name = plain(text);
  const preset = [...presets.keys()].find((known) => isLongerForm(text.toLowerCase(), known));
  if (preset !== undefined) return one(preset);
  if (Object.hasOwn(wordAliases, name)) return one(wordAliases[name] ?? null);
  const effect = effectNamed(text.toLowerCase());
  if (effect !== null) return one(repairedAs('e', effect));
  const mode = name === 'auto' || name === 'thumb' ? null : resizeModeOfWord(name);
  if (mode !== null) return one(`c_${mode}`);
  const format = formatOfExtension(name);
  return format === null ? one(nearest(text, presets.keys())) : one(`f_${format}`);
}

function resizeModeOfWord(name: string): string | null {
  return readOneOf(name, cropModes) ?? resizeMode(name);
}

/** A mistyped key before a value that the key takes. */
function repairTypo(text: string): RepairedWord | null {
  const [, name = '', value = ''] = /^([A-Za-z]{3,20})[_=:-](.+)$/.exec(text) ?? [];
  const key = keysByName.get(nearest(name, keysByName.keys()) ?? '');
  return key === undefined ? null : one(repairedAs(key, value));
}

/** A name with an ending, as people write out a short name. */
function isLongerForm(text: string, known: string): boolean {
  return known.length > 3 && text.startsWith(known) && text.length <= known.length + 5;
}

import { cut, type Mistake } from '../errors.ts';
import { hintFor } from './hints.ts';
import { mistakeAt } from './image-path.ts';
import { nearest } from './nearest.ts';
import { expectedEffect, nearestEffect } from './params/effect.ts';
import { isKey, type Key, keys, params } from './params/index.ts';
import type { Rule } from './rules.ts';

/** A word of ours with a value it does not take. */
export function badValue(key: Key, text: string, position: number): Mistake {
  const hint = hintFor(text);
  const param = params[key];
  const at = position + key.length + 1;
  const received = cut(text.slice(key.length + 1));
  const value = text.slice(key.length + 1);
  const expected = hint?.expected ?? (key === 'e' ? expectedEffect(value) : `${param.values} for ${key}`);
  const didYouMean = key === 'e' && hint === null ? nearestEffect(value) : null;
  const example = hint?.example ?? `${key}_${param.samples[0]}`;
  const sentence = `Expected ${expected} but received "${received}" at position ${at}${asked(didYouMean)}`;
  return { position: at, received, expected, example, didYouMean, sentence };
}

const asked = (didYouMean: string | null) => (didYouMean === null ? '' : ` (did you mean ${didYouMean}?)`);

/** A word that is none of ours, or a name that is no preset's. */
export function unknownWord(presets: Iterable<string>, text: string, position: number): Mistake {
  const hint = hintFor(text);
  if (hint !== null) return mistakeAt(position, text, hint.expected, hint.example);
  if (text === '') return mistakeAt(position, text, 'a word between commas', 'w_400');
  const split = text.indexOf('_');
  const word = split === -1 ? text : text.slice(0, split);
  const didYouMean = nearestWord(presets, word, split !== -1);
  const what = split === -1 ? 'preset' : 'parameter';
  const sentence = `Unknown ${what} "${cut(word)}" at position ${position}${asked(didYouMean)}`;
  const example = didYouMean !== null && isKey(didYouMean) ? `${didYouMean}_${params[didYouMean].samples[0]}` : 'w_400';
  return { position, received: cut(text), expected: `a ${what} of ours`, example, didYouMean, sentence };
}

function nearestWord(presets: Iterable<string>, word: string, hasValue: boolean): string | null {
  if (!hasValue) return nearest(word, presets);
  const byName = new Map<string, Key>(
    keys.flatMap((key) => [
      [params[key].name.replaceAll(' ', ''), key],
      [key, key],
    ]),
  );
  const found = nearest(word, byName.keys());
  return found === null ? null : (byName.get(found) ?? null);
}

/** A word as it stood in the URL. */
interface Placed {
  readonly position: number;
  readonly text: string;
}

/** Words that do not go together, at the first of those the rule speaks of that was written here. */
export function brokenRule(
  rule: Pick<Rule, 'about' | 'expected' | 'example'>,
  seen: ReadonlyMap<Key, Placed>,
  segment: Placed | undefined,
): Mistake {
  const about = rule.about.flatMap((key) => seen.get(key) ?? []);
  const received = about.length === 0 ? (segment?.text ?? '') : about.map((word) => word.text).join(',');
  return mistakeAt(about[0]?.position ?? segment?.position ?? 0, received, rule.expected, rule.example);
}

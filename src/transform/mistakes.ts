import { type Mistake, shorten } from '../errors.ts';
import { hintFor } from './hints.ts';
import { mistakeAt } from './image-path.ts';
import { expectedEffect } from './params/effect.ts';
import { isParamKey, type Key, parameters } from './params/index.ts';
import type { Rule } from './rules.ts';
import type { Suggestions } from './suggestions.ts';

/** A word of ours with a value it does not take. */
export function badValue(suggestions: Suggestions, key: Key, text: string, position: number): Mistake {
  const hint = hintFor(text);
  const param = parameters[key];
  const at = position + key.length + 1;
  const received = shorten(text.slice(key.length + 1));
  const value = text.slice(key.length + 1);
  const expected = hint?.expected ?? (key === 'e' ? expectedEffect(value) : `${param.values} for ${key}`);
  const didYouMean = key === 'e' && hint === null ? suggestions.effect(value) : null;
  const example = hint?.example ?? `${key}_${param.samples[0]}`;
  const sentence = `Expected ${expected} but received "${received}" at position ${at}${asked(didYouMean)}`;
  return { position: at, received, expected, example, didYouMean, sentence };
}

const asked = (didYouMean: string | null) => (didYouMean === null ? '' : ` (did you mean ${didYouMean}?)`);

/** A word that is none of ours, or a name that is no preset's. */
export function unknownWord(suggestions: Suggestions, text: string, position: number): Mistake {
  const hint = hintFor(text);
  if (hint !== null) return mistakeAt(position, text, hint.expected, hint.example);
  if (text === '') return mistakeAt(position, text, 'a word between commas', 'w_400');
  const split = text.indexOf('_');
  const word = split === -1 ? text : text.slice(0, split);
  const didYouMean = split === -1 ? suggestions.preset(word) : suggestions.key(word);
  const what = split === -1 ? 'preset' : 'parameter';
  const sentence = `Unknown ${what} "${shorten(word)}" at position ${position}${asked(didYouMean)}`;
  const example =
    didYouMean !== null && isParamKey(didYouMean) ? `${didYouMean}_${parameters[didYouMean].samples[0]}` : 'w_400';
  return { position, received: shorten(text), expected: `a ${what} of ours`, example, didYouMean, sentence };
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

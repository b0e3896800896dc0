import { printTransform } from './canonical.ts';
import { encodeWord } from './encode-word.ts';
import { withoutName } from './grammar.ts';
import type { ImagePath, Segment } from './image-path.ts';
import { isParamKey, parameters } from './params/index.ts';
import type { Parameter } from './params/param.ts';
import type { Presets, RequestedTransform } from './transform.ts';
import { wordsIn } from './word-limits.ts';

/**
 * The path with its components in canonical spelling, for one that parses. Presets stay presets, since what they stand for
 * may change, and beside one every word stays, since a default may be what it takes back. The cosmetic name stays as it
 * was sent. `respell` of what it gives is the same again.
 */
export function respell(path: ImagePath, transform: RequestedTransform, presets: Presets): string {
  const { segments, name } = withoutName(path.segments, presets);
  const words =
    transform.presets.length === 0 ? printTransform(transform) : segments.map((segment) => sorted(segment)).join('/');
  const last = name === null ? '' : (path.segments.at(-1)?.raw ?? '');
  return [`/img/${path.id}`, words, last].filter((part) => part !== '').join('/');
}

/** Each word in its one spelling, by its key; a single preset needs none. */
function sorted(segment: Segment): string {
  return wordsIn(segment.raw)
    .map((raw) => spelled(decodeURIComponent(raw)))
    .sort()
    .map(encodeWord)
    .map((word) => (/^t_[^.]+$/.test(word) ? word.slice(2) : word))
    .join(',');
}

function spelled(word: string): string {
  const split = word.indexOf('_');
  if (split === -1) return `t_${word}`;
  const key = word.slice(0, split);
  const value = isParamKey(key) ? parameters[key].parse(word.slice(split + 1)) : null;
  if (!isParamKey(key) || value === null) return word;
  // One catalogue row parses and prints the same type; the union over all rows hides that from the compiler.
  const printed = (parameters[key] as Parameter<unknown>).print(value);
  return printed === null ? word : `${key}_${printed}`;
}

import { contradictionsIn, type ReadComponent } from './checks.ts';
import { saysWords } from './cosmetic-name.ts';
import {
  type CosmeticName,
  cosmeticName,
  type ImagePath,
  mistakeAt,
  refuse,
  type Segment,
  wordsFirst,
} from './image-path.ts';
import type { MistakeList } from './mistake-list.ts';
import { badValue, brokenRule, unknownWord } from './mistakes.ts';
import { isParamKey, type Key, mergeWords, parameters, type Words } from './params/index.ts';
import { presetName } from './params/preset.ts';
import { nothingRead, place, type ReadTransform, type ReadWord } from './reading.ts';
import { answerRules } from './rules.ts';
import type { Presets, RequestedTransform } from './transform.ts';
import { turnedPath } from './turned.ts';
import { wordsIn } from './word-limits.ts';

/**
 * Reads the words of an image URL.
 * @throws Failure `bad-words` with its first mistakes, their positions and what would have been right; nothing is repaired.
 */
export function parseTransform(path: ImagePath, presets: Presets): RequestedTransform {
  const reading = nothingRead(presets);
  const { segments, name } = withoutName(path.segments, presets);
  const read = segments.flatMap((segment, index) => readComponent(reading, segment, index === 0));
  const components = read.map(({ words }) => withoutAliases(words));
  for (const contradiction of contradictionsIn(read)) reading.mistakes.add(() => contradiction);
  const answer: Words = { ...reading.presetAnswer, ...reading.answer };
  const named = withNamedFormat(reading, answer, name);
  if (name !== null && saysWords(name.text, { id: path.id, presets: segments.length === 0 ? presets : null })) {
    reading.mistakes.add(() =>
      mistakeAt(name.position, name.text, 'words in a component of their own', 'w_400/cat.webp'),
    );
  }
  for (const rule of answerRules) {
    if (rule.broken(named, 'limit')) reading.mistakes.add(() => brokenRule(rule, reading.placed, segments[0]));
  }
  checkAlone(reading, named, components.length, segments[0]);
  if (!reading.mistakes.isEmpty) refuseWords(path, reading.mistakes);
  return {
    components: components.filter((words) => Object.keys(words).length > 0),
    answer: named,
    presets: [...reading.usedPresets],
  };
}

/** Words that stand before their id are one mistake; what follows from it is none. */
function refuseWords(path: ImagePath, mistakes: MistakeList): never {
  const raw = path.segments.map((segment) => segment.raw);
  const turned = turnedPath(path.id, raw);
  if (turned === null) return mistakes.refuse();
  const position = (path.segments[0]?.position ?? 1) - path.id.length - 1;
  return refuse([wordsFirst(path.id, turned, Math.max(0, position))]);
}

/** Takes a cosmetic name off; a segment right behind the id is one only where it is no legal component. */
export function withoutName(
  segments: readonly Segment[],
  presets: Presets,
): { segments: readonly Segment[]; name: CosmeticName | null } {
  const last = segments.at(-1);
  const name = cosmeticName(last);
  if (name === null || last === undefined) return { segments, name: null };
  if (segments.length === 1 && isLegal(last, presets)) return { segments, name: null };
  return { segments: segments.slice(0, -1), name };
}

function isLegal(segment: Segment, presets: Presets): boolean {
  const trial = nothingRead(presets);
  const read = readComponent(trial, segment, true);
  return trial.mistakes.isEmpty && contradictionsIn(read).length === 0;
}

function withNamedFormat(reading: ReadTransform, answer: Words, name: CosmeticName | null): Words {
  if (name === null) return answer;
  if (answer.f === undefined) return { ...answer, f: name.format };
  if (answer.f !== name.format && answer.f !== 'auto' && answer.f !== 'orig') {
    reading.mistakes.add(() =>
      mistakeAt(name.position, name.text, `a name whose extension fits f_${answer.f}`, `picture.${answer.f}`),
    );
  }
  return answer;
}

/** The stored bytes untouched cannot be asked for together with anything that would touch them. */
function checkAlone(reading: ReadTransform, answer: Words, components: number, first: Segment | undefined): void {
  if (answer.f !== 'orig' || first === undefined) return;
  if (components > 0 && reading.count > 1) {
    reading.mistakes.add(() => mistakeAt(first.position, first.text, 'f_orig as the only word of its URL', 'f_orig'));
  }
}

/** A component's words with its presets expanded: one component, or several where a preset has several. */
function readComponent(reading: ReadTransform, segment: Segment, isFirst: boolean): readonly ReadComponent[] {
  const seen = new Map<Key, ReadWord>();
  let position = segment.position;
  for (const raw of wordsIn(segment.raw)) {
    const word = readWord(reading, decodeURIComponent(raw), position);
    if (word !== null) place(reading, seen, word, isFirst);
    position += raw.length + (segment.raw[position - segment.position + raw.length] === '%' ? 3 : 1);
  }
  return expand(reading, seen, segment);
}

function readWord(reading: ReadTransform, text: string, position: number): ReadWord | null {
  reading.count += 1;
  const split = text.indexOf('_');
  const key = text.slice(0, split);
  if (split === -1 && presetName.test(text) && reading.presets.has(text))
    return { key: 't', value: [text], position, text };
  if (split > 0 && isParamKey(key)) {
    const value = parameters[key].parse(text.slice(split + 1));
    if (value !== null) return { key, value, position, text };
    reading.mistakes.add(() => badValue(reading.suggestions, key, text, position));
    return null;
  }
  reading.mistakes.add(() => unknownWord(reading.suggestions, text, position));
  return null;
}

function expand(reading: ReadTransform, seen: ReadonlyMap<Key, ReadWord>, segment: Segment): readonly ReadComponent[] {
  const lead: Words[] = [];
  let last: Words = {};
  for (const name of presetsOf(seen)) {
    const preset = reading.presets.get(name);
    if (preset === undefined) {
      const { position } = seen.get('t') ?? segment;
      reading.mistakes.add(() => unknownWord(reading.suggestions, name, position));
      continue;
    }
    reading.usedPresets.add(name);
    lead.push(...preset.components.slice(0, -1));
    last = mergeWords(last, preset.components.at(-1) ?? {});
    Object.assign(reading.presetAnswer, preset.answer);
  }
  const own = Object.fromEntries([...seen].filter(([key]) => key !== 't').map(([key, word]) => [key, word.value]));
  const words: Words = mergeWords(last, own);
  return [...lead, words].map((each) => ({ words: each, seen, segment }));
}

function presetsOf(seen: ReadonlyMap<Key, ReadWord>): readonly string[] {
  const value = seen.get('t')?.value;
  return Array.isArray(value) ? value.map(String) : [];
}

/** `c_auto` is `c_fill,g_auto`, `c_thumb` is `c_fill`: one picture, one spelling. */
function withoutAliases(words: Words): Words {
  if (words.c === 'auto') return { ...words, c: 'fill', g: words.g ?? 'auto' };
  return words.c === 'thumb' ? { ...words, c: 'fill' } : words;
}

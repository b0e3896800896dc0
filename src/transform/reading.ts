import { mistakeAt } from './image-path.ts';
import { MistakeList } from './mistake-list.ts';
import type { Effects } from './params/effects/index.ts';
import { type Flag, isLayerFlag } from './params/flags.ts';
import { type Key, parameters } from './params/index.ts';
import { Suggestions } from './suggestions.ts';
import type { Presets } from './transform.ts';

/** A word that was understood. */
export interface ReadWord {
  readonly key: Key;
  readonly value: unknown;
  readonly position: number;
  readonly text: string;
}

/** What was read of a URL, with everything that was wrong with it. */
export interface ReadTransform {
  readonly presets: Presets;
  readonly mistakes: MistakeList;
  readonly suggestions: Suggestions;
  readonly usedPresets: Set<string>;
  readonly answer: Record<string, unknown>;
  /** Where the words of `answer` stood. */
  readonly placed: Map<Key, ReadWord>;
  readonly presetAnswer: Record<string, unknown>;
  count: number;
}

export const nothingRead = (presets: Presets): ReadTransform => ({
  presets,
  mistakes: new MistakeList(),
  suggestions: new Suggestions(presets),
  usedPresets: new Set(),
  answer: {},
  placed: new Map(),
  presetAnswer: {},
  count: 0,
});

/** Puts a word where it counts, or says why it cannot stand there. */
export function place(reading: ReadTransform, seen: Map<Key, ReadWord>, word: ReadWord, isFirst: boolean): void {
  if (word.key === 'e') {
    placeEffect(reading, seen, word);
    return;
  }
  if (word.key === 'fl') {
    placeFlags(reading, seen, word);
    return;
  }
  const where = parameters[word.key].place;
  const repeated = seen.has(word.key) || (where !== 'each' && Object.hasOwn(reading.answer, word.key));
  if (repeated) {
    const times = where === 'each' ? 'once in a component' : 'once in a URL';
    reading.mistakes.add(() => mistakeAt(word.position, word.text, `${word.key}_ only ${times}`, 'w_400'));
  } else if (where === 'first' && !isFirst) {
    reading.mistakes.add(() =>
      mistakeAt(
        word.position,
        word.text,
        `${word.key}_ in the first component only`,
        `${word.key}_${parameters[word.key].samples[0]}`,
      ),
    );
  } else if (where === 'each') {
    seen.set(word.key, word);
  } else {
    reading.answer[word.key] = word.value;
    reading.placed.set(word.key, word);
  }
}

/** Flags of a layer are its component's, all others the whole answer's. */
function placeFlags(reading: ReadTransform, seen: Map<Key, ReadWord>, word: ReadWord): void {
  const flags = flagsIn(word);
  const ofLayer = flags.filter(isLayerFlag);
  const ofAnswer = flags.filter((flag) => !isLayerFlag(flag));
  if (seen.has('fl') || (ofAnswer.length > 0 && Object.hasOwn(reading.answer, 'fl'))) {
    const times = seen.has('fl') ? 'once in a component' : 'once in a URL';
    reading.mistakes.add(() => mistakeAt(word.position, word.text, `fl_ only ${times}`, 'fl_progressive'));
    return;
  }
  if (ofLayer.length > 0) seen.set('fl', { ...word, value: ofLayer });
  if (ofAnswer.length === 0) return;
  reading.answer['fl'] = ofAnswer;
  reading.placed.set('fl', word);
}

const flagsIn = (word: ReadWord): readonly Flag[] => word.value as readonly Flag[];

/** Different effects of a component are one word's value. */
function placeEffect(reading: ReadTransform, seen: Map<Key, ReadWord>, word: ReadWord): void {
  const known = seen.get('e');
  const before = effectsIn(known);
  const added = effectsIn(word);
  if (Object.keys(added).some((name) => Object.hasOwn(before, name))) {
    const example = 'e_grayscale,e_sharpen';
    reading.mistakes.add(() => mistakeAt(word.position, word.text, 'an effect only once in a component', example));
    return;
  }
  const text = known === undefined ? word.text : `${known.text},${word.text}`;
  seen.set('e', { key: 'e', position: known?.position ?? word.position, text, value: { ...before, ...added } });
}

const effectsIn = (word: ReadWord | undefined): Effects => word?.value ?? {};

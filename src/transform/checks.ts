import type { Mistake } from '../errors.ts';
import { mistakeAt, type Segment } from './image-path.ts';
import { layerRules } from './layer-rules.ts';
import { maxLayers, rolesOf, shapingWords, signsOf } from './layers.ts';
import { brokenRule } from './mistakes.ts';
import type { Key, Words } from './params/index.ts';
import { modeOf, rules } from './rules.ts';

/** A component as it was read: its words, and where they stood. */
export interface ReadComponent {
  readonly words: Words;
  readonly seen: ReadonlyMap<Key, { readonly position: number; readonly text: string }>;
  readonly segment: Segment;
}

/** What of the components' words does not go together, in their order. */
export function contradictionsIn(components: readonly ReadComponent[]): readonly Mistake[] {
  const roles = rolesOf(components.map(({ words }) => signsOf(words)));
  const layers = components.filter(({ words }) => words.l !== undefined);
  const tooMany = layers[maxLayers];
  const found = components.flatMap(({ words, seen, segment }, index) => {
    const role = roles[index] ?? 'own';
    const shaping = shapingWords(words, role);
    const shape = rules.filter((rule) => rule.broken(shaping, modeOf(shaping)));
    const layer = layerRules.filter((rule) => rule.broken(words, role));
    return [...shape, ...layer].map((rule) => brokenRule(rule, seen, segment));
  });
  if (tooMany === undefined) return found;
  const { position, text } = tooMany.segment;
  return [...found, mistakeAt(position, text, `at most ${maxLayers} layers`, 'l_logo')];
}

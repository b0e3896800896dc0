import { namesIn } from './params/effect.ts';
import { type BlendName, type Effects, isBlend } from './params/effects/index.ts';
import type { Words } from './params/index.ts';

/** Layers of a URL, at most. */
export const maxLayers = 4;

/**
 * What a component is there for: the picture itself (`own`); a layer, which it begins (`opening`), goes on with (`shaping`)
 * or puts in its place (`applying`), or all of that at once (`alone`); or to apply a layer that nobody began (`stray`).
 */
export type Role = 'own' | 'opening' | 'shaping' | 'applying' | 'alone' | 'stray';

export interface LayerMarks {
  readonly opens: boolean;
  readonly applies: boolean;
}

export const signsOf = ({ l, fl = [] }: Words): LayerMarks => ({
  opens: l !== undefined,
  applies: fl.includes('layer_apply'),
});

/** The role of each component; a layer whose next sign is an application is shaped up to it, every other applies itself. */
export function rolesOf(signs: readonly LayerMarks[]): readonly Role[] {
  let isOpen = false;
  return signs.map(({ opens, applies }, index) => {
    if (opens) {
      const next = signs.slice(index + 1).find((later) => later.opens || later.applies);
      isOpen = next !== undefined && !next.opens;
      return isOpen ? 'opening' : 'alone';
    }
    if (!applies) return isOpen ? 'shaping' : 'own';
    const wasOpen = isOpen;
    isOpen = false;
    return wasOpen ? 'applying' : 'stray';
  });
}

/** Whether its `g`, `x`, `y`, `o` and blend say where a layer lies. */
export const places = (role: Role): boolean => role === 'applying' || role === 'alone';

/** The blends among a component's effects. */
export function blendsIn({ e = {} }: Words): readonly BlendName[] {
  return namesIn(e).filter((name) => isBlend(name));
}

/** Without what places a layer: the words that shape a picture, be it the layer's. */
export function shapingWords(words: Words, role: Role): Words {
  if (role === 'applying' || role === 'stray') return {};
  if (role !== 'alone') return words;
  const { g: _g, x: _x, y: _y, o: _o, e, ...rest } = words;
  const effects: Effects = Object.fromEntries(Object.entries(e ?? {}).filter(([name]) => !isBlend(name)));
  return Object.keys(effects).length === 0 ? rest : { ...rest, e: effects };
}

/** Originals that are laid over the picture, each once, in the order of the words. */
export function layerIds(components: readonly Words[]): readonly string[] {
  return [...new Set(components.flatMap(({ l }) => (l?.kind === 'image' ? [l.id] : [])))];
}

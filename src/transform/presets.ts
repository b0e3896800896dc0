import { formatOfExtension } from '../formats/index.ts';
import { parseTransform } from './grammar.ts';
import { pathOfWords } from './image-path.ts';
import { isParamKey } from './params/index.ts';
import { presetName } from './params/preset.ts';
import type { Presets, RequestedTransform } from './transform.ts';

export const builtInPresets: Readonly<Record<string, string>> = {
  thumb: 'c_limit,w_150,h_150,f_webp,q_80',
  medium: 'c_limit,w_800,h_800,f_webp,q_85',
  large: 'c_limit,w_1920,h_1920,f_webp,q_90',
};

/** @throws Error with one sentence naming the preset. */
function readPreset(name: string, components: string): RequestedTransform {
  if (!presetName.test(name) || isParamKey(name) || formatOfExtension(name) !== null) {
    throw new Error(`Expected a preset name (a-z 0-9 -, no word of the language, no format) but received "${name}"`);
  }
  try {
    return parseTransform(pathOfWords(name, components), new Map());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Expected words behind preset "${name}" but received "${components}": ${reason}`, { cause });
  }
}

/** Parses named transforms; a preset cannot name another. */
export function readPresets(named: Readonly<Record<string, string>>): Presets {
  return new Map(Object.entries(named).map(([name, components]) => [name, readPreset(name, components)]));
}

import { pathOfId } from './id.ts';
import { parameters } from './params/index.ts';
import { keysByName } from './suggestions.ts';
import type { Presets } from './transform.ts';

/** Keys that take nearly any text: `l_logo.png` is a file name like any other. */
const freeKeys: readonly string[] = ['l', 'd', 't', 'v', 'f', 'exp'];

const withoutExtension = (name: string): string => name.replace(/\.[^.]*$/, '');

/**
 * Whether a file name says words that would be lost: `h_90.webp`, `h_90@2x.jpg`, `height_90.webp`, and in a URL without a
 * component the name of a preset. The id and its last name are file names whatever they say.
 */
export function saysWords(
  name: string,
  { id, presets }: { readonly id: string; readonly presets: Presets | null },
): boolean {
  const last = pathOfId(id).split('/').at(-1) ?? id;
  const stem = withoutExtension(name);
  if ([id, last].includes(name) || [id, last, withoutExtension(last)].includes(stem)) return false;
  const word = stem.replace(/@[\d.]+x$/i, '');
  const split = word.indexOf('_');
  const key = keysByName.get(word.slice(0, Math.max(0, split)));
  if (key === undefined) return presets?.has(word) ?? false;
  return !freeKeys.includes(key) && parameters[key].parse(word.slice(split + 1)) !== null;
}

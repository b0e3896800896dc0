import { Failure } from '../errors.ts';
import { cosmeticName, type ImagePath } from './image-path.ts';
import { isParamKey, parameters } from './params/index.ts';
import type { Presets } from './transform.ts';

/** Words that change nothing of the picture. */
const harmless: readonly string[] = ['v', 'exp'];

/**
 * Looks at the words as they were sent, before they are read: one preset is all there may be, beside a version, an expiry and
 * a cosmetic name. Presets of presets would be new pictures without end. Throws `forbidden`.
 */
export function checkPresetOnly({ segments }: ImagePath, presets: Presets): void {
  const named = segments.length === 2 && cosmeticName(segments[1]) !== null;
  const words = segments[0]?.text.split(',').filter((word) => !isHarmless(word)) ?? [];
  const [name = ''] = words.map((word) => word.replace(/^t_/, ''));
  if ((segments.length === 1 || named) && words.length === 1 && presets.has(name)) return;
  const known = [...presets.keys()].join(', ');
  throw new Failure('forbidden', `Expected one preset and no other words; there are ${known === '' ? 'none' : known}`);
}

function isHarmless(word: string): boolean {
  const split = word.indexOf('_');
  const key = word.slice(0, Math.max(0, split));
  return isParamKey(key) && harmless.includes(key) && parameters[key].parse(word.slice(split + 1)) !== null;
}

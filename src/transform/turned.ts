import { hintFor } from './hints.ts';
import { idPattern } from './id.ts';
import { isWord } from './params/index.ts';
import { countWords, maxWords } from './word-limits.ts';

/** The longest path that is suggested. A refusal holds it four times. */
const maxTurned = 1024;

/** Whether it is a word of ours with a value we take, or one of another product. */
function readsAsWord(word: string): boolean {
  return word.includes('_') && (isWord(word) || hintFor(word) !== null);
}

const sorted = (segment: string) => segment.split(',').sort().join(',');

/**
 * Other products write the words first: `w_400,f_webp/cat` is `/img/cat/f_webp,w_400` here. The path in our order, or null
 * where what stands for an id does not read as words or no id follows. Words of a URL may be read here and as its words, so
 * half as many are read as a URL may hold.
 */
export function turnedPath(id: string, segments: readonly string[]): string | null {
  const all = [id, ...segments];
  if (countWords(all) > maxWords / 2) return null;
  const ends = all.findIndex((segment) => !segment.split(',').every(readsAsWord));
  const [found = '', ...rest] = all.slice(ends);
  if (ends < 1 || !idPattern.test(found)) return null;
  const turned = ['/img', found, ...all.slice(0, ends).map(sorted), ...rest].join('/');
  return turned.length > maxTurned ? null : turned;
}

import { hintFor } from './hints.ts';
import { idPattern } from './id.ts';
import { isKey, params } from './params/index.ts';

/** More words before an id than anybody writes. */
const mostWords = 64;

/** Whether it is a word of ours with a value we take, or one of another product. */
function readsAsWord(word: string): boolean {
  const split = word.indexOf('_');
  if (split === -1) return false;
  const key = word.slice(0, split);
  return (isKey(key) && params[key].parse(word.slice(split + 1)) !== null) || hintFor(word) !== null;
}

function readsAsWords(segment: string): boolean {
  const words = segment.split(',', mostWords + 1);
  return words.length <= mostWords && words.every(readsAsWord);
}

const sorted = (segment: string) => segment.split(',').sort().join(',');

/**
 * Other products write the words first: `w_400,f_webp/cat` is `/img/cat/f_webp,w_400` here. The path in our order, or null
 * where what stands for an id does not read as words or no id follows.
 */
export function turnedPath(id: string, segments: readonly string[]): string | null {
  const all = [id, ...segments];
  const ends = all.findIndex((segment) => !readsAsWords(segment));
  const [found = '', ...rest] = all.slice(ends);
  if (ends < 1 || !idPattern.test(found)) return null;
  return ['/img', found, ...all.slice(0, ends).map(sorted), ...rest].join('/');
}

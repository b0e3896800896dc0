/** How many components and words a URL may hold. Both are counted before a word is read. */

export const maxComponents = 16;
export const maxWords = 64;

/** The words of a component as they were sent. An encoded comma separates, too. */
export const wordsIn = (raw: string): readonly string[] => raw.split(/,|%2[cC]/);

export function countWords(segments: readonly string[]): number {
  return segments.reduce((count, raw) => count + wordsIn(raw).length, 0);
}

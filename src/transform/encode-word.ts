/** As a path can hold it: text of a layer may be in any script. */
export function encodeWord(word: string): string {
  return word.replaceAll(/[^A-Za-z0-9._~:!$'()*+;=@-]/gu, (character) => encodeURIComponent(character));
}

import type { Text } from './texts.ts';

/** A sentence that is hard to read, and why. */
export interface Finding extends Text {
  readonly rule: 'long' | 'words' | 'opener';
  readonly sentence: string;
}

const maxWords = 25;

/** Words that are no technical terms, or make persons of machines (see “How we write” in CONTRIBUTING.md). */
const quaint =
  /\b(?:whoever|somebody|nobody|anybody|mend(?:s|ed|ing)?|believe[sd]?|hears?|heard|tells?|told|leisure|lesser|quietly)\b/i;

const openers = /^(?:Of |The same |Whoever )/;

/** Sentences of a text. A dot inside of code, a number or an abbreviation ends none. */
export function sentencesOf(text: string): readonly string[] {
  const plain = text.replaceAll(/\s+/g, ' ').replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[ .?!]/g, '_'));
  return plain
    .split(/(?<=[.!?:;])["”)]?\s+(?=[A-Z`“"(–-])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

export const wordsOf = (sentence: string) => sentence.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;

/** What the rules find in a text. Long sentences and quaint words count in all texts, openers in docstrings alone. */
export function findingsIn(text: Text): readonly Finding[] {
  const prose = { ...text, text: text.text.replaceAll(/`[^`]*`/g, '`code`') };
  const found = sentencesOf(prose.text).flatMap((sentence): readonly Finding[] => {
    const rules = [
      ...(wordsOf(sentence) > maxWords ? (['long'] as const) : []),
      ...(quaint.test(sentence) ? (['words'] as const) : []),
    ];
    return rules.map((rule) => ({ ...text, rule, sentence }));
  });
  const isOddlyOpened = text.kind === 'docstring' && openers.test(text.text);
  return isOddlyOpened ? [...found, { ...text, rule: 'opener', sentence: text.text }] : found;
}

export type Counts = Readonly<Record<Finding['rule'], number>>;

export function countsOf(texts: readonly Text[]): Counts {
  const findings = texts.flatMap(findingsIn);
  const count = (rule: Finding['rule']) => findings.filter((finding) => finding.rule === rule).length;
  return { long: count('long'), words: count('words'), opener: count('opener') };
}

import { describe, expect, it } from 'vitest';
import allowed from './allowed.json' with { type: 'json' };
import { countsOf, findingsIn, sentencesOf } from './rules.ts';
import { documentTexts, repositoryTexts, sourceTexts } from './texts.ts';

const rulesFor = (source: string) =>
  sourceTexts('a.ts', source)
    .flatMap(findingsIn)
    .map(({ rule }) => rule);

describe('The prose of this repository', () => {
  it('has no more sentences that are hard to read than are allowed, and the allowance falls with them', () => {
    // `npm run prose -- src/FOLDER` lists them; `npm run prose -- --write` lowers the allowance.
    expect(countsOf(repositoryTexts())).toEqual(allowed);
  });

  it.each([
    ['a docstring of 26 words', `/** ${'word '.repeat(26)}. */`, ['long']],
    ['a docstring of 25 words', `/** ${'word '.repeat(25)}. */`, []],
    ['line comments that are one sentence', `// ${'word '.repeat(20)}\n// ${'word '.repeat(6)}`, ['long']],
    ['a word that makes a person of a machine', '// The node hears of it.', ['words']],
    ['a word inside of code', '// Calls `tell()`.', []],
    ['an opener that needs its name', '/** Of the client. */', ['opener']],
    ['an error sentence', "throw new Failure('bad-request', 'Nobody said so')", ['words']],
    ['a template of an error sentence', 'throw new TypeError(`Nobody said ${what}`)', ['words']],
  ])('judges %s', (_what, source, rules) => {
    expect(rulesFor(source)).toEqual(rules);
  });

  it('reads Markdown without its code, tables and pictures', () => {
    const page = '# Title\n\nOne line\nand the next.\n\n- An item\n\n```sh\nnobody\n```\n\n| nobody |\n';
    expect(documentTexts('a.md', page).map(({ text }) => text)).toEqual(['Title', 'One line and the next.', 'An item']);
  });

  it('does not end a sentence at a dot inside of code or a number', () => {
    expect(sentencesOf('Reads `a. B` of 1.5 MB. Then it ends.')).toHaveLength(2);
  });
});

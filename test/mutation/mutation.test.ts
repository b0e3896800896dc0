import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { mutantsOf } from './mutants.ts';
import { importGraph, NearestTests, testsIn } from './nearest-tests.ts';
import { interval, sample } from './sample.ts';
import { filesIn, targets } from './targets.ts';
import { filesOfTree } from './working-tree.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = filesOfTree();

/** The source with each of its mutants in turn. */
function mutated(source: string): readonly string[] {
  return mutantsOf(source).mutants.map(
    ({ start, end, replacement }) => source.slice(0, start) + replacement + source.slice(end),
  );
}

describe('The mutants', () => {
  it.each([
    ['a < b', ['a <= b', 'a >= b']],
    ['a && !b', ['a || !b', 'a && b']],
    ['a === 1', ['a !== 1', 'a === 2']],
    ['`${a}` + b', []],
    ["'text'", []],
    ['a.some(b)', [';', 'a.every(b)']],
    ['await a()', [';']],
    ['a.toString()', [';']],
    ['if (a) b = true', ['if (true) b = true', 'if (false) b = true', 'if (a) b = false']],
    ['throw a', [';']],
    ['let a: 1 | true', []],
    ['a === 4000', ['a !== 4000']],
    ['a ? 2 : b', ['true ? 2 : b', 'false ? 2 : b', 'a ? 3 : b']],
  ])('of "%s" change its behaviour, one each', (source, expected) => {
    expect(mutated(source)).toEqual(expected);
  });

  it('of every file that is mutated are TypeScript', () => {
    const some = sample(filesIn(targets, files), 12, 1);
    for (const file of some) {
      for (const source of mutated(readFileSync(root + file, 'utf8')).slice(0, 20)) {
        expect([file, parseSync('source.ts', source).errors]).toEqual([file, []]);
      }
    }
  });

  it('of a line are left out, and counted, where a comment gives a reason', () => {
    const source = (reason: string) => `// mutants: none on the next line${reason}\na(1);\nb(2);`;
    expect(mutantsOf(source(', since both are fast enough'))).toMatchObject({
      disabled: 2,
      mutants: [{ line: 3 }, { line: 3 }],
    });
    expect(mutantsOf(source('')).disabled).toBe(0);
  });
});

describe('The tests nearest to a file', () => {
  const sources = files.filter((file) => file.endsWith('.ts'));
  const nearest = new NearestTests(importGraph(root, sources), testsIn(files), (file) =>
    readFileSync(root + file, 'utf8'),
  );

  it('begin with those that import it, then those that hold its words; the others are none', () => {
    const graph = new Map([
      ['far.test.ts', ['app.ts']],
      ['near.test.ts', ['one.ts', 'app.ts']],
      ['alike.test.ts', ['app.ts']],
      ['none.test.ts', ['other.ts']],
      ['app.ts', ['one.ts', 'near.test.ts']],
    ]);
    const texts = new Map([
      ['one.ts', 'purgeEpoch += 1'],
      ['alike.test.ts', 'a purge bumps the epoch'],
      ['far.test.ts', 'an answer'],
    ]);
    const tests = ['none.test.ts', 'far.test.ts', 'alike.test.ts', 'near.test.ts'];
    expect(new NearestTests(graph, tests, (file) => texts.get(file) ?? '').of('one.ts', 3)).toEqual([
      'near.test.ts',
      'alike.test.ts',
      'far.test.ts',
    ]);
  });

  it('are there for every file that is mutated', () => {
    expect(filesIn(targets, files).filter((file) => isCode(file) && nearest.of(file, 1).length === 0)).toEqual([]);
  });
});

/** A file of types alone is imported by no test when it runs. */
const isCode = (file: string) => mutantsOf(readFileSync(root + file, 'utf8')).mutants.length > 0;

describe('The list of what is mutated', () => {
  it('names only what is there', () => {
    for (const target of targets) expect(filesIn([target], files)).not.toEqual([]);
    expect(() => filesIn(['src/nowhere'], files)).toThrow('Expected files in src/nowhere');
  });
});

it('A seed draws the same sample, another one another', () => {
  const items = Array.from({ length: 1000 }, (_, index) => index);
  expect(sample(items, 30, 7)).toEqual(sample(items, 30, 7));
  expect(sample(items, 30, 7)).not.toEqual(sample(items, 30, 8));
  expect(new Set(sample(items, 1000, 7)).size).toBe(1000);
});

it('The interval is that of Wilson', () => {
  const rounded = (hits: number, of: number) => interval(hits, of).map((share) => share.toFixed(3));
  expect(rounded(231, 300)).toEqual(['0.719', '0.814']);
  expect(rounded(30, 30)).toEqual(['0.886', '1.000']);
  expect(rounded(0, 0)).toEqual(['0.000', '1.000']);
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { problemText } from '../../../src/http/message/problem.ts';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { maxPath, splitImagePath } from '../../../src/transform/image-path.ts';
import { keys, parameters } from '../../../src/transform/params/index.ts';
import { builtInPresets, readPresets } from '../../../src/transform/presets.ts';
import { CallCounter } from '../../support/call-counts.ts';

const presets = readPresets(builtInPresets);

function refusalOf(path: string): Failure | null {
  try {
    parseTransform(splitImagePath(path, '/img/'), presets);
    return null;
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
}

function refusal(path: string): Failure {
  const failure = refusalOf(path);
  if (failure === null) throw new Error(`Expected ${path} to be refused`);
  return failure;
}

const letters = (least: number, most: number) => fc.stringMatching(new RegExp(`^[a-z]{${least},${most}}$`));
const ours = fc
  .constantFrom(...keys)
  .chain((key) =>
    fc.constantFrom(...parameters[key].samples, ...parameters[key].wrong).map((value) => `${key}_${value}`),
  );
/** Words that are nearly ours, so that each asks for a suggestion. */
const word = fc.oneof(
  letters(1, 32),
  letters(1, 9).map((name) => `${name}_1`),
  letters(1, 9).map((name) => `e_${name}`),
  fc.constantFrom('thum', 'widht_400', 'w_4OO', 'e_blurr', 't_thum.larg.mediun', 'fit_""""""', 'w-400', '"'.repeat(40)),
  ours,
);
const glue = fc.oneof(
  { weight: 20, arbitrary: fc.constant(',') },
  { weight: 4, arbitrary: fc.constantFrom('%2C', '%2c') },
  { weight: 1, arbitrary: fc.constant('/') },
);
const wordsUpTo = (maxLength: number) => fc.array(fc.tuple(word, glue), { minLength: 1, maxLength, size: 'max' });
/** Paths as long as a path may be, and words before the id among them. */
const longPath = fc
  .tuple(
    fc.constantFrom('/img/cat/', '/img/w_400/', '/img/'),
    fc.oneof(wordsUpTo(20), wordsUpTo(64), wordsUpTo(400)),
    fc.constantFrom('', 'cat', 'cat.webp'),
  )
  .map(([start, all, end]) => `${`${start}${all.flat().join('')}`.slice(0, maxPath - end.length)}${end}`)
  .map((path) => path.replaceAll(/[^\x21-\x7e]|[?#]/g, ''));

describe('However many words a path holds,', () => {
  const counter = new CallCounter();
  beforeAll(() => counter.start());
  afterAll(() => counter.stop());

  it('at most 64 are read, at most 8 suggestions looked for, at most 16 384 bytes answered', async () => {
    const most = { words: 0, passes: 0, bytes: 0, more: 0 };
    await fc.assert(
      fc.asyncProperty(longPath, async (path) => {
        await counter.take();
        const failure = refusalOf(path);
        const calls = await counter.take();
        const seen = {
          words: calls('readWord') + calls('readsAsWord'),
          passes: calls('nearest'),
          bytes: failure === null ? 0 : Buffer.byteLength(problemText(failure)),
          more: failure?.more ?? 0,
        };
        expect(seen.words).toBeLessThanOrEqual(64);
        expect(seen.passes).toBeLessThanOrEqual(8);
        expect(seen.bytes).toBeLessThanOrEqual(16_384);
        expect(failure?.mistakes.length ?? 0).toBeLessThanOrEqual(8);
        for (const name of ['words', 'passes', 'bytes', 'more'] as const) most[name] = Math.max(most[name], seen[name]);
      }),
      { numRuns: 150 },
    );
    // The counter counts, and the paths come near every bound.
    expect(most.words).toBeGreaterThan(48);
    expect(most.passes).toBeGreaterThan(4);
    expect(most.bytes).toBeGreaterThan(4096);
    expect(most.more).toBeGreaterThan(16);
  });

  it('a suggestion is looked for once for each distinct word', async () => {
    await counter.take();
    const { mistakes, more } = refusal(`/img/cat/${Array.from({ length: 20 }, () => 'thum').join(',')}`);
    expect((await counter.take())('nearest')).toBe(1);
    expect([mistakes.map(({ didYouMean }) => didYouMean), more]).toEqual([
      Array.from({ length: 8 }, () => 'thumb'),
      12,
    ]);
  });

  it('a file name asks for no suggestion', async () => {
    await counter.take();
    expect(refusalOf('/img/cat/thum.webp')).toBeNull();
    expect((await counter.take())('nearest')).toBe(0);
  });
});

describe('A URL of 65 words', () => {
  const words = (count: number) => Array.from({ length: count }, (_, index) => `zz${index}_1`).join(',');

  it('is refused for their number alone', () => {
    const { mistakes, more } = refusal(`/img/cat/${words(65)}`);
    expect(mistakes).toMatchObject([{ position: 9, received: '65', expected: 'at most 64 words' }]);
    expect(more).toBe(0);
  });

  it('has one word too many; a file name is none', () => {
    const { mistakes, more } = refusal(`/img/cat/${words(64)}/cat.webp`);
    expect([mistakes.length, more]).toEqual([8, 56]);
  });

  it('is one, too, where its commas are encoded', () => {
    expect(refusal(`/img/cat/${words(65).replaceAll(',', '%2C')}`).mistakes).toMatchObject([{ received: '65' }]);
  });
});

it('A URL of 17 components is refused for their number alone', () => {
  const seventeen = Array.from({ length: 17 }, () => 'zz_1').join('/');
  expect(refusal(`/img/cat/${seventeen}`).mistakes).toMatchObject([
    { received: '17', expected: 'at most 16 components' },
  ]);
  expect(refusal(`/img/cat/${seventeen.slice(5)}/cat.webp`).mistakes).toHaveLength(8);
});

it('The first eight mistakes are listed in the order of the URL', () => {
  const { mistakes, more, message } = refusal('/img/cat/w_x,h_x,q_x,f_x,c_x,g_x,r_x,b_x,o_x,z_x');
  expect(mistakes.map(({ position }) => position)).toEqual([11, 15, 19, 23, 27, 31, 35, 39]);
  expect([more, JSON.parse(problemText(refusal('/img/cat/w_x'))).more]).toEqual([2, 0]);
  expect(message).toMatch(/2 more mistakes$/);
});

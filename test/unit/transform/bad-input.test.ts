import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../src/transform/image-path.ts';
import { keys, parameters } from '../../../src/transform/params/index.ts';
import { builtInPresets, readPresets } from '../../../src/transform/presets.ts';
import { badWords, conflicts } from '../../support/bad-words.ts';

const presets = readPresets(builtInPresets);
const parse = (path: string) => parseTransform(splitImagePath(path, '/img/'), presets);

function refusal(path: string): Failure {
  try {
    parse(path);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error(`Expected ${path} to be refused`);
}

describe.each([...badWords, ...conflicts])('$words, where $why,', ({ words }) => {
  const path = `/img/cat/${words}`;

  it('is a 400 naming position, received, expected and an example', () => {
    const { kind, mistakes, message } = refusal(path);
    expect(kind).toBe('bad-words');
    expect(mistakes.length).toBeGreaterThan(0);
    expect(message.length).toBeLessThan(2000);
    for (const { position, received, expected, example, sentence } of mistakes) {
      expect(position).toBeGreaterThanOrEqual('/img/cat/'.length);
      expect(position).toBeLessThanOrEqual(path.length);
      expect(received.length).toBeLessThanOrEqual(41);
      expect(expected).not.toBe('');
      expect(example).not.toBe('');
      expect(sentence).toContain(`position ${position}`);
      expect(sentence).toMatch(/received "|^Unknown/);
    }
  });
});

describe('The position of a mistake', () => {
  const plain = badWords.filter(({ words }) => /^[\x21-\x7e]+$/.test(words) && !words.includes('%'));
  it.each(plain)('in $words is where what was received stands', ({ words }) => {
    const path = `/img/cat/w_5/${words}`;
    for (const { position, received } of refusal(path).mistakes) {
      const shown = received.replace(/…$/, '').split(',')[0] ?? '';
      expect(path.slice(position)).toMatch(new RegExp(`^${shown.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    }
  });
});

describe('The example beside a mistake', () => {
  it.each(keys)('of %s_ is a legal value', (key) => {
    const [mistake] = refusal(`/img/cat/${key}_%C3%A4%20`).mistakes;
    const example = mistake?.example ?? '';
    expect(example.startsWith(`${key}_`) ? parameters[key].parse(example.slice(key.length + 1)) : null).not.toBeNull();
  });
});

it('A value of 10 kB is a path that is too long', () => {
  for (const key of keys) expect(refusal(`/img/cat/${key}_${'9'.repeat(10_000)}`).kind).toBe('path-too-long');
});

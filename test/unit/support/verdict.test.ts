import { describe, expect, it } from 'vitest';
import { expectationOf, fits } from '../../corpus/verdict.ts';

describe("A manifest's words", () => {
  it.each([
    ['decodes', 'accepted'],
    ['decodes or clean error', 'either'],
    ['probably undecodable', 'either'],
    ['422 under failOn>=truncated', 'refused'],
    ['no BMP/ICO loader in sharp prebuilt: 415', 'refused'],
  ])('"%s" mean %s', (text, expected) => {
    expect(expectationOf(text)).toBe(expected);
  });

  it('are met by what they say, and never by a 5xx or by an upload that cannot be rendered', () => {
    const [ok, refused] = [
      { put: 201, gets: [200, 200] },
      { put: 415, gets: [] },
    ];
    expect([fits('accepted', ok), fits('either', ok), fits('refused', ok)]).toEqual([true, true, false]);
    expect([fits('accepted', refused), fits('either', refused), fits('refused', refused)]).toEqual([false, true, true]);
    for (const bad of [
      { put: 500, gets: [] },
      { put: 201, gets: [200, 504] },
      { put: 201, gets: [422] },
    ]) {
      expect([fits('accepted', bad), fits('either', bad), fits('refused', bad)]).toEqual([false, false, false]);
    }
  });
});

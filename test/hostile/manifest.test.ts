import { describe, expect, it } from 'vitest';
import { allowedBy, excuseFor, timeIn, verdictOf } from './manifest.ts';

describe('The expectation of a hostile file', () => {
  it.each([
    ['decodes', ['taken']],
    ['422', ['refused']],
    ['413/422: over pixel limit', ['refused']],
    ['400/422', ['refused']],
    ['200: type comes from bytes, not from name or header', ['taken']],
    ['200 or 422, < 1 s', ['refused', 'taken']],
    ['415 (or 422) at upload; never stored as an image', ['not an image', 'refused']],
    ['4xx; process alive', ['not an image', 'refused']],
    ['4xx or decode; process alive', ['not an image', 'refused', 'taken']],
    ['decodes or clean error', ['not an image', 'refused', 'taken']],
    ['no JXL loader in sharp prebuilt', ['not an image']],
    ['no HEVC decoder in sharp prebuilt: must be refused cleanly', ['not an image', 'refused']],
    ['probably undecodable', ['not an image', 'refused', 'taken']],
    ['422 (never a half-grey 200)', ['refused']],
    ['422 (truncated), never half-grey 200', ['refused']],
    ['', ['not an image', 'refused', 'taken']],
  ])('%j leaves open: %j', (words, verdicts) => {
    expect([...allowedBy(words)].sort()).toEqual(verdicts);
  });

  it('may name a time', () => {
    expect(timeIn('415/422 < 1 s, RSS growth < 50 MB')).toBe(1000);
    expect(timeIn('RSS growth < 50 MB')).toBeNull();
  });

  it('is about verdicts, not about numbers', () => {
    expect([200, 201, 415, 413, 422].map(verdictOf)).toEqual(['taken', 'taken', 'not an image', 'refused', 'refused']);
  });

  it('is excused where nobody could decode it, and nowhere else', () => {
    const whole = { words: 'decodes', decoder: 'ok' };
    expect(excuseFor('a.tif', 'refused', { ...whole, decoder: 'err: samples out of range' })).not.toBeNull();
    expect(excuseFor('a.svg', 'not an image', whole)).not.toBeNull();
    expect(excuseFor('a.avif', 'taken', { words: '4xx; process alive', decoder: 'ok' })).not.toBeNull();
    expect(excuseFor('a.avif', 'taken', { words: 'must be a 4xx with the process alive', decoder: 'ok' })).toBeNull();
    expect(excuseFor('a.tif', 'refused', whole)).toBeNull();
    expect(excuseFor('a.svg', 'refused', whole)).toBeNull();
    expect(excuseFor('a.tif', 'taken', { ...whole, decoder: 'err' })).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { MemoryCache } from '../../../../src/library/variants/memory-cache.ts';

const variant = (id: string, name: string) => `v/0/${id}/1234abcd.0/${name}.4x4.png`;

describe('The memory cache', () => {
  it('forgets every variant of one original, and no other', () => {
    const memory = new MemoryCache(2 ** 20);
    for (const name of ['a', 'b']) memory.set(variant('cat', name), new Uint8Array(9));
    memory.set(variant('dog', 'a'), new Uint8Array(9));
    expect(memory.keysOf('cat')).toEqual([variant('cat', 'a'), variant('cat', 'b')]);
    expect(memory.purgeOriginal('cat')).toBe(2);
    expect([memory.size, memory.keysOf('cat'), memory.keysOf('dog')]).toEqual([1, [], [variant('dog', 'a')]]);
  });

  it('lists nothing that it has dropped or never kept', () => {
    const memory = new MemoryCache(2 ** 14);
    memory.set(variant('cat', 'large'), new Uint8Array(2 ** 14));
    expect([memory.size, memory.keysOf('cat')]).toEqual([0, []]);
    memory.set(variant('cat', 'a'), new Uint8Array(9));
    memory.shrink(0);
    expect([memory.bytes, memory.keysOf('cat')]).toEqual([0, []]);
  });
});

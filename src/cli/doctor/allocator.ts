import { readFileSync } from 'node:fs';
import { type Check, good } from './check.ts';

/** Whoever looks for memory wants to know; rendering processes have few arenas of whichever it is. */
export const allocator: Check = {
  name: 'allocator',
  look: () => {
    if (process.platform !== 'linux') return [good('allocator', `that of ${process.platform}`)];
    const maps = readFileSync('/proc/self/maps', 'utf8');
    if (maps.includes('libjemalloc')) return [good('allocator', 'jemalloc')];
    return [good('allocator', maps.includes('musl') ? 'that of musl' : "glibc's")];
  },
};

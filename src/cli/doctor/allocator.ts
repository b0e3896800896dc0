import { readFileSync } from 'node:fs';
import { type Check, passed } from './check.ts';

/** Whoever looks for memory wants to know; rendering processes have few arenas of whichever it is. */
export const allocatorCheck: Check = {
  name: 'allocator',
  run: () => {
    if (process.platform !== 'linux') return [passed('allocator', `that of ${process.platform}`)];
    const maps = readFileSync('/proc/self/maps', 'utf8');
    if (maps.includes('libjemalloc')) return [passed('allocator', 'jemalloc')];
    return [passed('allocator', maps.includes('musl') ? 'that of musl' : "glibc's")];
  },
};

import { readFileSync } from 'node:fs';
import { advice, type Check, good } from './check.ts';

const mend = 'Install libjemalloc2 and start with LD_PRELOAD=libjemalloc.so.2, as the container does';

/** glibc's allocator keeps what decoders give back. */
export const allocator: Check = {
  name: 'allocator',
  look: () => {
    if (process.platform !== 'linux') return [good('allocator', `that of ${process.platform}`)];
    const maps = readFileSync('/proc/self/maps', 'utf8');
    if (maps.includes('libjemalloc')) return [good('allocator', 'jemalloc')];
    const isMusl = maps.includes('musl');
    return [
      isMusl ? good('allocator', 'that of musl') : advice('allocator', 'glibc, whose memory grows under load', mend),
    ];
  },
};

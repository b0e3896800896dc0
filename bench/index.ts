import type { Bench } from './bench.ts';
import { hit } from './hit.ts';
import { miss } from './miss.ts';
import { size } from './size.ts';
import { start } from './start.ts';

/** All benches, in the order of RESULTS.md. */
export const benches: readonly Bench[] = [hit, miss, start, size];

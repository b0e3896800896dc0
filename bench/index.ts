import type { Bench } from './bench.ts';
import { edge } from './edge.ts';
import { first } from './first.ts';
import { firstPicture } from './first-picture.ts';
import { hit } from './hit.ts';
import { later } from './later.ts';
import { miss } from './miss.ts';
import { page } from './page.ts';
import { size } from './size.ts';
import { start } from './start.ts';

/** All benches, in the order of RESULTS.md. */
export const benches: readonly Bench[] = [hit, first, miss, later, page, start, firstPicture, size, edge];

import type { Row } from './bench.ts';
import { median } from './numbers.ts';

/** Two ways to measure the same work. */
export interface Sides {
  readonly tintype: () => Promise<number>;
  readonly reference: () => Promise<number>;
}

/** Besides one to warm up. */
export const rounds = 3;

/**
 * Warms both sides up once, then measures them in turns: what else the machine does hits both. The ratio is that of
 * neighbours, so a slow minute does not count.
 */
export async function compare({
  tintype,
  reference,
}: Sides): Promise<Pick<Row, 'tintype' | 'reference' | 'ratio' | 'spread'>> {
  await tintype();
  await reference();
  const pairs: { readonly ours: number; readonly theirs: number }[] = [];
  for (let round = 0; round < rounds; round++) pairs.push({ ours: await tintype(), theirs: await reference() });
  const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
  return {
    tintype: median(pairs.map(({ ours }) => ours)),
    reference: median(pairs.map(({ theirs }) => theirs)),
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
  };
}

import { createHash } from 'node:crypto';
import type { FormatName } from '../src/formats/format.ts';
import type { Bench, Row } from './bench.ts';
import { accept } from './client.ts';
import { concurrency, type Job } from './loop.ts';
import type { Photos } from './photos.ts';
import { compare } from './rounds.ts';
import { answersPerEffort, bring, loopPerEffort, runOfWorks, type Sides, underIds, type Work } from './sides.ts';

/** One variant of each of many originals: nothing is gained by what was decoded before. */
interface First extends Work {
  readonly width: number;
  readonly to: FormatName;
  /** What Tintype has to reach of the loop's throughput. */
  readonly atLeast: number;
}

/** The small ones first: a server that has just started runs code that is not optimised yet. */
const works: readonly First[] = [
  { megapixels: 0.3, from: 'jpeg', width: 200, to: 'webp', atLeast: 0.85 },
  { megapixels: 2, from: 'jpeg', width: 400, to: 'jpg', atLeast: 0.9 },
  { megapixels: 12, from: 'jpeg', width: 400, to: 'webp', atLeast: 0.95 },
  { megapixels: 12, from: 'jpeg', width: 1200, to: 'jpg', atLeast: 0.95 },
  { megapixels: 12, from: 'jpeg', width: 400, to: 'avif', atLeast: 0.95 },
  { megapixels: 7, from: 'png', width: 400, to: 'jpg', atLeast: 0.95 },
  { megapixels: 12, from: 'webp', width: 400, to: 'webp', atLeast: 0.95 },
];

/** Originals with the same bytes, each under so many ids: for at least a second of CPU a round. */
const idsOf = (megapixels: number): number => (megapixels < 1 ? 60 : megapixels < 4 ? 20 : 4);

export const miss: Bench = {
  name: 'miss',
  measures:
    'Answers for a second of CPU when each is the first of its original, against the same calls of sharp in a loop without a server',
  // No room for working copies: what they take and spare is told by `later` and `page`.
  run: runOfWorks(works, compareWork, { TINTYPE_SCRATCH: '1MB' }),
};

async function compareWork(work: First, photos: Photos, sides: Sides): Promise<Row> {
  const { tintype, loop } = sides;
  const { megapixels, from, width, to, atLeast } = work;
  const some = await photos.ofPixels(megapixels * 1e6, from);
  const all = some.flatMap((photo) => underIds(photo, idsOf(megapixels)));
  await bring(all, sides);
  const jobs = all.map((photo) => loop.job(photo, { width, format: to }));
  const paths = jobs.map(({ url }) => url);
  await checkSame(sides, jobs);
  const compared = await compare({
    tintype: async () => {
      await tintype.purgeAll();
      return answersPerEffort(tintype, paths);
    },
    reference: () => loopPerEffort(loop, jobs),
  });
  const what = `${megapixels} megapixel ${from} to ${width} px ${to}, ${concurrency} at once`;
  return { what, unit: 'answers per CPU second', ...compared, target: { bound: 'at least', ratio: atLeast } };
}

/** Throws unless both sides make the very same bytes: only then are they comparable. */
async function checkSame({ tintype, loop }: Sides, jobs: readonly Job[]): Promise<void> {
  const some = jobs.slice(0, 1);
  const response = await fetch(`${tintype.url}${some[0]?.url}`, { headers: { Accept: accept } });
  const digest = createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
  const { first } = await loop.make(some);
  if (digest !== first) throw new Error(`Expected the loop to make the bytes of ${response.url} but it makes others`);
}

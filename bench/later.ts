import type { Bench, Row } from './bench.ts';
import { concurrency, type Job, type Loop } from './loop.ts';
import type { Photo, Photos } from './photos.ts';
import { compare } from './rounds.ts';
import { answersPerEffort, bring, loopPerEffort, runOfWorks, type Sides, type Work } from './sides.ts';

/** Variants of originals of which a working copy is there. */
interface Again extends Work {
  readonly atLeast: number;
}

const works: readonly Again[] = [
  { megapixels: 12, from: 'jpeg', atLeast: 4 },
  { megapixels: 7, from: 'png', atLeast: 8 },
  { megapixels: 12, from: 'webp', atLeast: 10 },
];

/** About 400; each width and quality is asked once. */
const widths = Array.from({ length: 20 }, (_, index) => 391 + index);
const minQuality = 60;

export const later: Bench = {
  name: 'later',
  measures:
    'Answers for a second of CPU when another variant of the original was made before, against sharp in a loop with its usual shrink-on-load',
  run: runOfWorks(works, compareWork),
};

async function compareWork({ megapixels, from, atLeast }: Again, photos: Photos, sides: Sides): Promise<Row> {
  const { tintype, loop } = sides;
  const some = await photos.ofPixels(megapixels * 1e6, from);
  await bring(some, sides);
  for (const { id } of some) await (await fetch(`${tintype.url}/img/${id}/f_jpg,w_100`)).arrayBuffer();
  await tintype.until('copies', (count) => count >= some.length);
  let quality = minQuality;
  const compared = await compare({
    tintype: () => {
      const jobs = some.flatMap((photo) => jobsOf(loop, photo, quality++));
      return answersPerEffort(tintype, jobs.map(pathOf));
    },
    reference: () => {
      const jobs = some.flatMap((photo) => jobsOf(loop, photo, minQuality));
      return loopPerEffort(loop, jobs);
    },
  });
  await tintype.purgeAll();
  const what = `${megapixels} megapixel ${from} to about 400 px jpg, ${concurrency} at once`;
  return { what, unit: 'answers per CPU second', ...compared, target: { bound: 'at least', ratio: atLeast } };
}

const pathOf = ({ url }: Job) => url;

const jobsOf = (loop: Loop, photo: Photo, quality: number): readonly Job[] =>
  widths.map((width) => loop.job(photo, { width, format: 'jpg', quality }, 'usual'));

import type { Bench, Row } from './bench.ts';
import { send } from './client.ts';
import { concurrency, type Job, type Loop, startLoop } from './loop.ts';
import type { Photo, PhotoFormat, Photos } from './photos.ts';
import { effortOf } from './process.ts';
import { compare } from './rounds.ts';
import { startTintype, type Tintype } from './tintype.ts';

/** Variants of originals of which a working copy is there. */
interface Work {
  readonly megapixels: number;
  readonly from: PhotoFormat;
  readonly atLeast: number;
}

const works: readonly Work[] = [
  { megapixels: 12, from: 'jpeg', atLeast: 4 },
  { megapixels: 7, from: 'png', atLeast: 8 },
  { megapixels: 12, from: 'webp', atLeast: 10 },
];

const connections = 2 * concurrency;
/** About 400; each width and quality is asked once. */
const widths = Array.from({ length: 20 }, (_, index) => 391 + index);
const leastQuality = 60;

export const later: Bench = {
  name: 'later',
  measures:
    'Answers for a second of CPU when another variant of the original was made before, against sharp in a loop with its usual shrink-on-load',
  async run(photos) {
    const loop = await startLoop();
    const tintype = await startTintype();
    try {
      const rows: Row[] = [];
      for (const work of works) rows.push(await compareWork(work, photos, { tintype, loop }));
      return rows;
    } finally {
      await tintype.stop();
      await loop.close();
    }
  },
};

interface Sides {
  readonly tintype: Tintype;
  readonly loop: Loop;
}

async function compareWork({ megapixels, from, atLeast }: Work, photos: Photos, sides: Sides): Promise<Row> {
  const { tintype, loop } = sides;
  const some = await photos.ofPixels(megapixels * 1e6, from);
  for (const photo of some) {
    await loop.keep(photo);
    await tintype.put(photo.id, photo.bytes);
    await (await fetch(`${tintype.url}/img/${photo.id}/f_jpg,w_100`)).arrayBuffer();
  }
  await tintype.until('copies', (count) => count >= some.length);
  let quality = leastQuality;
  const jobs = () => some.flatMap((photo) => jobsOf(loop, photo, quality++));
  const compared = await compare({
    tintype: () => answersPerEffort(tintype, jobs()),
    reference: async () => {
      const same = some.flatMap((photo) => jobsOf(loop, photo, leastQuality));
      return same.length / (await effortOf(loop.pid, () => loop.make(same)));
    },
  });
  await tintype.purgeAll();
  const what = `${megapixels} megapixel ${from} to about 400 px jpg, ${concurrency} at once`;
  return { what, unit: 'answers per CPU second', ...compared, target: { bound: 'at least', ratio: atLeast } };
}

const jobsOf = (loop: Loop, photo: Photo, quality: number): readonly Job[] =>
  widths.map((width) => loop.job(photo, { width, format: 'jpg', quality }, 'usual'));

async function answersPerEffort(tintype: Tintype, jobs: readonly Job[]): Promise<number> {
  const paths = jobs.map(({ url }) => url);
  const load = { server: tintype.url, paths, answers: paths.length, connections, cacheStatus: 'fwd=miss' };
  return paths.length / (await effortOf(tintype.pid, () => send(load)));
}

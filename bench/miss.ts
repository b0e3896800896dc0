import { createHash } from 'node:crypto';
import type { FormatName } from '../src/formats/format.ts';
import type { Bench, Row } from './bench.ts';
import { accept, send } from './client.ts';
import { concurrency, type Job, type Loop, startLoop } from './loop.ts';
import type { Photo, PhotoFormat, Photos } from './photos.ts';
import { effortOf } from './process.ts';
import { compare } from './rounds.ts';
import { startTintype, type Tintype } from './tintype.ts';

/** One variant of each of many originals: nothing is gained by what was decoded before. */
interface Work {
  /** Of the originals. */
  readonly megapixels: number;
  readonly from: PhotoFormat;
  readonly width: number;
  readonly to: FormatName;
  /** What Tintype has to reach of the loop's throughput. */
  readonly atLeast: number;
}

/** The small ones first: a server that has just started runs code that is not optimised yet. */
const works: readonly Work[] = [
  { megapixels: 0.3, from: 'jpeg', width: 200, to: 'webp', atLeast: 0.85 },
  { megapixels: 2, from: 'jpeg', width: 400, to: 'jpg', atLeast: 0.9 },
  { megapixels: 12, from: 'jpeg', width: 400, to: 'webp', atLeast: 0.95 },
  { megapixels: 12, from: 'jpeg', width: 1200, to: 'jpg', atLeast: 0.95 },
  { megapixels: 12, from: 'jpeg', width: 400, to: 'avif', atLeast: 0.95 },
  { megapixels: 7, from: 'png', width: 400, to: 'jpg', atLeast: 0.95 },
  { megapixels: 12, from: 'webp', width: 400, to: 'webp', atLeast: 0.95 },
];

/** Requests at once: so many that Tintype never has to wait for the next. */
const connections = 2 * concurrency;
/** Originals with the same bytes, each under so many ids. */
const ids = 2;
const idsOfSmall = 30;

export const miss: Bench = {
  name: 'miss',
  measures:
    'Answers for a second of CPU when each is the first of its original, against the same calls of sharp in a loop without a server',
  async run(photos) {
    const loop = await startLoop();
    // No room for working copies: what they take and spare is told by `later` and `page`.
    const tintype = await startTintype({ TINTYPE_SCRATCH: '1MB' });
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

async function compareWork(work: Work, photos: Photos, { tintype, loop }: Sides): Promise<Row> {
  const { megapixels, from, width, to, atLeast } = work;
  const jobs: Job[] = [];
  for (const photo of await photos.ofPixels(megapixels * 1e6, from)) {
    for (const one of many(photo, megapixels < 1 ? idsOfSmall : ids)) {
      await loop.keep(one);
      await tintype.put(one.id, one.bytes);
      jobs.push(loop.job(one, { width, format: to }));
    }
  }
  await checkSame(tintype, loop, jobs);
  const compared = await compare({
    tintype: () => answersPerEffort(tintype, jobs),
    reference: async () => jobs.length / (await effortOf(loop.pid, () => loop.make(jobs))),
  });
  const what = `${megapixels} megapixel ${from} to ${width} px ${to}, ${concurrency} at once`;
  return { what, unit: 'answers per CPU second', ...compared, target: { bound: 'at least', ratio: atLeast } };
}

const many = (photo: Photo, count: number): readonly Photo[] =>
  Array.from({ length: count }, (_, index) => ({ ...photo, id: `${photo.id}-${photo.width}-${index}` }));

/** Throws unless both sides make the very same bytes: only then are they comparable. */
async function checkSame(tintype: Tintype, loop: Loop, jobs: readonly Job[]): Promise<void> {
  const some = jobs.slice(0, 1);
  const response = await fetch(`${tintype.url}${some[0]?.url}`, { headers: { Accept: accept } });
  const digest = createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
  const { first } = await loop.make(some);
  if (digest !== first) throw new Error(`Expected the loop to make the bytes of ${response.url} but it makes others`);
}

async function answersPerEffort(tintype: Tintype, jobs: readonly Job[]): Promise<number> {
  await tintype.purgeAll();
  const paths = jobs.map(({ url }) => url);
  const load = { server: tintype.url, paths, answers: paths.length, connections, cacheStatus: 'fwd=miss' };
  return paths.length / (await effortOf(tintype.pid, () => send(load)));
}

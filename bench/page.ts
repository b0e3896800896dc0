import type { Bench, Row } from './bench.ts';
import { send } from './client.ts';
import type { Job, Loop } from './loop.ts';
import { memoryOf, mostOf } from './memory.ts';
import type { Photo, Photos } from './photos.ts';
import { effortOf, type Server, startBare } from './process.ts';
import { compare } from './rounds.ts';
import {
  answersPerEffort,
  bring,
  connections,
  loopPerEffort,
  type Sides,
  underIds,
  type Work,
  withSides,
} from './sides.ts';
import type { Tintype } from './tintype.ts';
import { type Visit, visits } from './visits.ts';

/** Requests of a round: about 80 variants, the popular asked for again and again. */
const count = 600;
/** Each of the photos under so many ids: the popular and the rare. */
const ids = 2;
const maxMemory = 400;
const warmAnswers = 12_000;

interface Pages extends Work {
  readonly atLeast: number;
}

const works: readonly Pages[] = [
  { megapixels: 2, from: 'jpeg', atLeast: 0.97 },
  { megapixels: 12, from: 'jpeg', atLeast: 1.25 },
  { megapixels: 12, from: 'webp', atLeast: 1.25 },
];

/** The edge has sorted browsers into buckets: formats are fixed, so that both sides encode the same. */
export const page: Bench = {
  name: 'page',
  measures: `Answers for a second of CPU: ${count} requests for photos by popularity (Zipf), in 8 widths and the formats of a mix of browsers, working copies included, against a loop of sharp that makes each variant once and answers again for nothing`,
  run: (photos) =>
    withSides({ TINTYPE_MEMORY: '64MB' }, async (sides) => {
      const rows: Row[] = [];
      for (const work of works) rows.push(await compareWork(work, photos, sides));
      const some = await photosOf({ megapixels: 12, from: 'jpeg' }, photos);
      rows.push(await memory(sides.tintype, pathsOf(some)), await warmPages(sides.tintype, pathsOf(some)));
      return rows;
    }),
};

async function photosOf({ megapixels, from }: Work, photos: Photos): Promise<readonly Photo[]> {
  const some = await photos.ofPixels(megapixels * 1e6, from);
  return some.flatMap((photo) => underIds(photo, ids));
}

async function compareWork(work: Pages, photos: Photos, sides: Sides): Promise<Row> {
  const { tintype, loop } = sides;
  const some = await photosOf(work, photos);
  await bring(some, sides);
  const asked = visits(count, some.length);
  const jobs = new Map<string, Job>();
  for (const visit of asked) {
    const job = jobOf(loop, some, visit);
    jobs.set(job.url, job);
  }
  const cold = await compare({
    tintype: async () => {
      await tintype.purgeAll();
      return answersPerEffort(tintype, pathsOf(some), 'tintype');
    },
    reference: () => loopPerEffort(loop, [...jobs.values()], count),
  });
  const what = `${work.megapixels} megapixel ${work.from}: ${jobs.size} variants of ${some.length}, cold`;
  return { what, unit: 'answers per CPU second', ...cold, target: { bound: 'at least', ratio: work.atLeast } };
}

function jobOf(loop: Loop, photos: readonly Photo[], { photo: index, width, format }: Visit): Job {
  const photo = photos[index];
  if (photo === undefined) throw new Error('Expected a photo for a visit');
  return loop.job(photo, { width, format }, 'usual');
}

const pathsOf = (photos: readonly Photo[]): readonly string[] =>
  visits(count, photos.length).map(
    ({ photo, width, format }) => `/img/${photos[photo]?.id ?? ''}/f_${format},w_${width}`,
  );

/** The same pages again, all variants at hand, in memory or in the bucket. */
async function warmPages(tintype: Tintype, paths: readonly string[]): Promise<Row> {
  const load = { paths, answers: warmAnswers, connections, cacheStatus: 'hit' };
  // Its answers are what the first round says, whichever way it was found.
  await send({ ...load, server: tintype.url });
  const bare = await startBare([...new Set(paths)].map((path) => tintype.url + path));
  const each = (server: Server) => async () => {
    const seconds = await effortOf(server.pid, () => send({ ...load, server: server.url }));
    return (seconds * 1e6) / warmAnswers;
  };
  try {
    const compared = await compare({ tintype: each(tintype), reference: each(bare) });
    const what = '12 megapixel jpeg, warm: all at hand, against a bare node:http server';
    return { what, unit: 'µs of CPU', ...compared, target: { bound: 'at most', ratio: 1.7 } };
  } finally {
    await bare.stop();
  }
}

/** The whole server with all its processes, shared pages by their share. */
async function memory(tintype: Tintype, paths: readonly string[]): Promise<Row> {
  await tintype.purgeAll();
  const { most } = await mostOf(
    () => memoryOf(tintype.pid),
    () => answersPerEffort(tintype, paths, 'tintype'),
  );
  const ratio = most / maxMemory;
  const what = 'most memory (PSS of all processes) meanwhile, TINTYPE_MEMORY=64MB, against what it may be';
  const target = { bound: 'at most', ratio: 1 } as const;
  return { what, unit: 'MB', tintype: most, reference: maxMemory, ratio, spread: [ratio, ratio], target };
}

import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Row } from './bench.ts';
import { accept, send } from './client.ts';
import type { Photo, Photos } from './photos.ts';
import type { Order, Receipt, Rendering } from './raw-sharp.ts';
import { compare } from './rounds.ts';
import { startTintype, type Tintype } from './tintype.ts';

/** Every photo in every width and quality, each of them once. */
interface Work {
  /** Pixels of the originals. */
  readonly pixels: number;
  /** The middle of twenty widths in a row: variants of their own, but of the same cost. */
  readonly width: number;
  readonly qualities: readonly number[];
  /** What Tintype has to reach of the loop's throughput. */
  readonly atLeast: number;
}

/** The small ones first: a server that has just started runs code that is not optimised yet. */
const works: readonly Work[] = [
  { pixels: 300_000, width: 200, qualities: [76, 78, 80, 82, 84], atLeast: 0.85 },
  { pixels: 12_000_000, width: 400, qualities: [80], atLeast: 0.95 },
];

/** Renders at once on both sides: Tintype's default. */
const concurrency = availableParallelism();
/** Requests at once: so many that Tintype never has to wait for the next. */
const connections = 2 * concurrency;

const program = fileURLToPath(new URL('raw-sharp.ts', import.meta.url));

export const miss: Bench = {
  name: 'miss',
  measures:
    'Answers a second when every one has to be made, against the same calls of sharp in a loop without a server',
  async run(photos) {
    const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-photos-'));
    const loop = fork(program, { execArgv: ['--import', 'tsx'] });
    const tintype = await startTintype();
    try {
      const rows: Row[] = [];
      for (const work of works) rows.push(await compareWork(work, photos, { tintype, loop, folder }));
      return rows;
    } finally {
      loop.kill();
      await tintype.stop();
      await rm(folder, { recursive: true });
    }
  },
};

interface Sides {
  readonly tintype: Tintype;
  readonly loop: ChildProcess;
  /** Where the loop finds its photos. */
  readonly folder: string;
}

async function compareWork(work: Work, photos: Photos, { tintype, loop, folder }: Sides): Promise<Row> {
  const jobs: Job[] = [];
  for (const photo of await photos.ofPixels(work.pixels)) {
    const path = join(folder, `${photo.id}.jpg`);
    await writeFile(path, photo.bytes);
    await tintype.put(photo.id, photo.bytes);
    jobs.push(...jobsOf(work, photo, path));
  }
  await checkSame(tintype, loop, jobs);
  const compared = await compare({
    tintype: () => answersPerSecond(tintype, jobs),
    reference: async () => jobs.length / (await makeInLoop(loop, jobs)).seconds,
  });
  const what = `${work.pixels / 1_000_000} megapixel JPEG to about w_${work.width},f_webp, ${concurrency} at once`;
  return { what, unit: 'answers/s', ...compared, target: { bound: 'at least', ratio: work.atLeast } };
}

/** The same variant in both languages. */
interface Job {
  readonly url: string;
  readonly rendering: Rendering;
}

function jobsOf({ width: middle, qualities }: Work, photo: Photo, path: string): readonly Job[] {
  const widths = Array.from({ length: 20 }, (_, index) => middle - 9 + index);
  return widths.flatMap((width) =>
    qualities.map((quality) => ({
      url: `/img/${photo.id}/f_webp,q_${quality},w_${width}`,
      rendering: { path, width, height: Math.round((width * photo.height) / photo.width), quality },
    })),
  );
}

/** Throws unless both sides make the very same bytes: only then are they comparable. */
async function checkSame(tintype: Tintype, loop: ChildProcess, jobs: readonly Job[]): Promise<void> {
  const some = jobs.slice(0, 1);
  const response = await fetch(`${tintype.url}${some[0]?.url}`, { headers: { Accept: accept } });
  const digest = createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
  const { first } = await makeInLoop(loop, some);
  if (digest !== first) throw new Error(`Expected the loop to make the bytes of ${response.url} but it makes others`);
}

async function answersPerSecond(tintype: Tintype, jobs: readonly Job[]): Promise<number> {
  await tintype.purgeAll();
  const paths = jobs.map(({ url }) => url);
  const load = { server: tintype.url, paths, answers: paths.length, connections, cacheStatus: 'fwd=miss' };
  return paths.length / (await send(load));
}

async function makeInLoop(loop: ChildProcess, jobs: readonly Job[]): Promise<Receipt> {
  const order: Order = { concurrency, renderings: jobs.map(({ rendering }) => rendering) };
  loop.send(order);
  const [receipt]: Receipt[] = await once(loop, 'message');
  if (receipt === undefined) throw new Error('Expected a receipt from the loop');
  return receipt;
}

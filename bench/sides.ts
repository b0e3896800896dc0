import type { Bench, Row } from './bench.ts';
import { send } from './client.ts';
import { concurrency, type Job, type Loop, startLoop } from './loop.ts';
import { drawnPhotos, type Photo, type PhotoFormat, type Photos } from './photos.ts';
import { effortOf } from './process.ts';
import { startTintype, type Tintype } from './tintype.ts';

/** What is compared: a server, and sharp in a loop. */
export interface Sides {
  readonly tintype: Tintype;
  readonly loop: Loop;
}

/** What every comparison of renders says of itself. */
export interface Work {
  /** Of the originals. */
  readonly megapixels: number;
  readonly from: PhotoFormat;
}

/** A photo of this size under an id of its own, however many there are of its bytes. */
export const underIds = (photo: Photo, count: number): readonly Photo[] =>
  Array.from({ length: count }, (_, index) => ({ ...photo, id: `${photo.id}-${photo.width}-${index}` }));

const warmingMisses = 2000;
const warmingHits = 20_000;

/** V8 compiles what runs often, which the first misses and hits of a process pay for. */
async function warm(tintype: Tintype): Promise<void> {
  // Large enough for a working copy.
  const [photo] = await drawnPhotos.ofPixels(2e6);
  if (photo === undefined) throw new Error('Expected a photo');
  await tintype.put('warm', photo.bytes);
  const paths = Array.from({ length: warmingMisses }, (_, index) => {
    const [format, quality] = [index % 2 === 0 ? 'webp' : 'jpg', 10 + (index % 80)];
    return `/img/warm/f_${format},q_${quality},w_${320 - Math.floor(index / 80)}`;
  });
  const load = { server: tintype.url, connections, cacheStatus: 'tintype' };
  await send({ ...load, paths, answers: paths.length });
  await send({ ...load, paths: paths.slice(-1), answers: warmingHits });
  await tintype.purgeAll();
}

/** Starts both, warm, for as long as they are used. */
export async function withSides<T>(
  environment: Readonly<Record<string, string>>,
  use: (sides: Sides) => Promise<T>,
): Promise<T> {
  const loop = await startLoop();
  try {
    const tintype = await startTintype(environment);
    try {
      await warm(tintype);
      return await use({ tintype, loop });
    } finally {
      await tintype.stop();
    }
  } finally {
    await loop.close();
  }
}

/** A bench of one row for each work, one after another on the same two sides. */
export function runOfWorks<W extends Work>(
  works: readonly W[],
  compareWork: (work: W, photos: Photos, sides: Sides) => Promise<Row>,
  environment: Readonly<Record<string, string>> = {},
): Bench['run'] {
  return (photos) =>
    withSides(environment, async (sides) => {
      const rows: Row[] = [];
      for (const work of works) rows.push(await compareWork(work, photos, sides));
      return rows;
    });
}

/** Gives both the same photos. */
export async function bring(photos: readonly Photo[], { tintype, loop }: Sides): Promise<void> {
  for (const photo of photos) {
    await loop.keep(photo);
    await tintype.put(photo.id, photo.bytes);
  }
}

/** Requests at once: so many that Tintype never has to wait for the next. */
export const connections = 2 * concurrency;

/** For a second of CPU of all its processes. */
export async function answersPerEffort(
  tintype: Tintype,
  paths: readonly string[],
  cacheStatus = 'fwd=miss',
): Promise<number> {
  const load = { server: tintype.url, paths, answers: paths.length, connections, cacheStatus };
  return paths.length / (await effortOf(tintype.pid, () => send(load)));
}

/** The same of a loop, whose jobs count for as many `answers`. */
export async function loopPerEffort(loop: Loop, jobs: readonly Job[], answers = jobs.length): Promise<number> {
  return answers / (await effortOf(loop.pid, () => loop.make(jobs)));
}

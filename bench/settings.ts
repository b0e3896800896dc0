import { availableParallelism } from 'node:os';
import { send } from './client.ts';
import { type Loop, startLoop } from './loop.ts';
import { memoryOf, mostOf } from './memory.ts';
import { median } from './numbers.ts';
import { drawnPhotos, type Photo } from './photos.ts';
import { loadNow, printMachine, thisMachine } from './report.ts';
import { connections } from './sides.ts';
import { startTintype } from './tintype.ts';
import { pageWidths } from './visits.ts';

/**
 * `npm run bench:settings`: what was chosen for everybody beside what might have been: one thread a render, as many renders
 * at once as there are CPUs; and the allocator of rendering processes. For `docs/speed.md`; needs util-linux' taskset.
 */

const formats = ['jpg', 'webp', 'avif'] as const;
const rounds = 3;
const jobsOfRound = 24;
const qualities = Array.from({ length: 12 }, (_, index) => 60 + index);
/** Milliseconds after which allocators have given back what they do not need. */
const rest = 15_000;
const widths = Array.from({ length: jobsOfRound }, (_, index) => 400 + index);

/** Answers a second of sharp alone. */
async function throughput(loop: Loop, photo: Photo, format: (typeof formats)[number], atOnce: number): Promise<number> {
  const jobs = widths.map((width) => loop.job(photo, { width, format }));
  await loop.make(jobs.slice(0, 4), atOnce);
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) rates.push(jobs.length / (await loop.make(jobs, atOnce)).seconds);
  return median(rates);
}

async function compareThreads(photo: Photo): Promise<void> {
  for (const cpus of new Set([1, 2, availableParallelism()])) {
    const ways = [
      { atOnce: cpus, threads: 1 },
      { atOnce: cpus, threads: 2 },
      { atOnce: 2 * cpus, threads: 1 },
    ];
    for (const { atOnce, threads } of cpus === 1 ? ways : [...ways, { atOnce: 1, threads: cpus }]) {
      const loop = await startLoop({ threads, cpus });
      try {
        await loop.keep(photo);
        const cells: string[] = [];
        for (const format of formats) {
          cells.push(`${format} ${(await throughput(loop, photo, format, atOnce)).toFixed(1)}`);
        }
        console.log(`  ${cpus} CPUs, ${atOnce} at once, threads of each ${threads}: ${cells.join(', ')} a second`);
      } finally {
        await loop.close();
      }
    }
  }
}

/** What a server's processes allocate with; ours is what they are given where nothing is said. */
const allocators: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'glibc, its own number of arenas': { MALLOC_ARENA_MAX: '0' },
  'glibc, two arenas (ours)': {},
  'jemalloc, its own number of arenas': { LD_PRELOAD: 'libjemalloc.so.2', MALLOC_CONF: 'abort_conf:true' },
  'jemalloc, two arenas (ours)': { LD_PRELOAD: 'libjemalloc.so.2' },
};

/** Megabytes that a whole server takes with an allocator for it and its rendering processes, and the seconds it takes. */
async function compareAllocators(photo: Photo): Promise<void> {
  const paths = qualities.flatMap((quality) =>
    pageWidths.flatMap((width) => formats.map((format) => `/img/${photo.id}/f_${format},q_${quality},w_${width}`)),
  );
  console.log(`${paths.length} variants of it, 160 to 1600 px wide, by a whole server`);
  for (const [name, environment] of Object.entries(allocators)) {
    const tintype = await startTintype({ TINTYPE_MEMORY: '64MB', ...environment });
    try {
      await tintype.put(photo.id, photo.bytes);
      const load = { server: tintype.url, paths, answers: paths.length, connections, cacheStatus: 'tintype' };
      const { most, done } = await mostOf(
        () => memoryOf(tintype.pid),
        () => send(load),
      );
      await new Promise((resolve) => setTimeout(resolve, rest));
      const left = memoryOf(tintype.pid);
      console.log(`  ${name}: at most ${Math.round(most)} MB, ${Math.round(left)} MB at rest, ${done.toFixed(1)} s`);
    } finally {
      await tintype.stop();
    }
  }
}

const before = loadNow();
const [photo] = await drawnPhotos.ofPixels(12_000_000);
if (photo === undefined) throw new Error('Expected a photo');
console.log('Variants of a 12 megapixel JPEG, about 400 px wide, by sharp alone');
await compareThreads(photo);
await compareAllocators(photo);
console.log(printMachine(thisMachine(drawnPhotos.source, before)));

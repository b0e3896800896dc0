import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FormatName } from '../src/formats/format.ts';
import { formats } from '../src/formats/index.ts';
import type { Photo } from './photos.ts';
import type { Order, Receipt, Rendering, Shrinking } from './raw-sharp.ts';

/** Renders at once on both sides: Tintype's default. */
export const concurrency = availableParallelism();

const program = fileURLToPath(new URL('raw-sharp.ts', import.meta.url));

/** One output of one photo, in the words of both sides. */
export interface Job {
  /** As in Tintype's URL. */
  readonly url: string;
  readonly rendering: Rendering;
}

export interface Output {
  readonly width: number;
  readonly format: FormatName;
  /** The format's own where nothing is said. */
  readonly quality?: number;
}

/** sharp in a loop, in a process of its own, on photos in a folder of its own. */
export interface Loop {
  readonly pid: number;
  readonly folder: string;
  /** Where a photo lies. */
  keep(photo: Photo): Promise<string>;
  job(photo: Photo, output: Output, shrinking?: Shrinking): Job;
  make(jobs: readonly Job[], atOnce?: number): Promise<Receipt>;
  close(): Promise<void>;
}

/** `threads`: of each render; `cpus`: it may run on so many, the first there are, or on all. */
export async function startLoop({ threads = 1, cpus = 0 } = {}): Promise<Loop> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-photos-'));
  const env = { ...process.env, BENCH_THREADS: String(threads) };
  const child = fork(program, { execArgv: ['--import', 'tsx'], env });
  if (cpus > 0) execFileSync('taskset', ['-a', '-c', '-p', `0-${cpus - 1}`, String(child.pid)]);
  // As nice as Tintype's rendering processes: what else the machine does takes as much from both.
  setPriority(child.pid ?? 0, 5);
  const pathOf = ({ id, format }: Photo) => join(folder, `${id}.${format}`);
  return {
    pid: child.pid ?? 0,
    folder,
    keep: async (photo) => {
      await writeFile(pathOf(photo), photo.bytes);
      return pathOf(photo);
    },
    job: (photo, { width, format, quality }, shrinking = 'careful') => {
      const height = Math.round((width * photo.height) / photo.width);
      const wish = { ...(quality === undefined ? {} : { quality }), pixels: width * height, frames: 1 };
      const words = [`f_${format}`, ...(quality === undefined ? [] : [`q_${quality}`]), `w_${width}`];
      const encoding = formats[format].encode(wish);
      const from = { width: photo.width, height: photo.height };
      const rendering = { path: pathOf(photo), from, width, height, encoding, shrinking };
      return { url: `/img/${photo.id}/${words.join(',')}`, rendering };
    },
    make: async (jobs, atOnce = concurrency) => {
      const order: Order = { concurrency: atOnce, renderings: jobs.map(({ rendering }) => rendering) };
      child.send(order);
      const [receipt]: Receipt[] = await once(child, 'message');
      if (receipt === undefined) throw new Error('Expected a receipt from the loop');
      return receipt;
    },
    close: async () => {
      child.kill();
      await rm(folder, { recursive: true });
    },
  };
}

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send } from './client.ts';
import { drawnPhotos } from './photos.ts';
import { cpuSecondsOf, effortOf } from './process.ts';
import type { Shrinking } from './raw-sharp.ts';
import { loadNow, printMachine, thisMachine } from './report.ts';
import { bring, withSides } from './sides.ts';
import { startTintype } from './tintype.ts';

/**
 * `npm run bench:profile`: where the time of one hit and of one miss goes. A hit's by V8's profiler, by who runs; a miss's by
 * process. For the tables of `docs/speed.md`; nothing is compared with anything.
 */

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const hits = 60_000;

/** Who runs, by what stands in the script's URL; the first that fits. */
const services: readonly (readonly [name: string, test: RegExp])[] = [
  ['garbage collection', /^\(garbage collector\)/],
  ['waiting', /^\((idle|program|root)\)/],
  ['hono and its node server', /node_modules\/@?hono/],
  ['meters, traces, log', /node_modules\/(prom-client|pino|sonic-boom|@opentelemetry)|dist\/eyes/],
  ['other packages', /node_modules/],
  ['our http/', /dist\/(http|routes|app|dialect)/],
  ['our server/', /dist\/server/],
  ['our language (transform/)', /dist\/(transform|formats)/],
  ['our library/', /dist\/(library|store|render)/],
  ['our other files', /dist\//],
  ["Node's http, streams, sockets", /^node:|^$/],
];

function roomOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  return (
    services.find(([, test]) => test.test(url === '' ? functionName : url) || test.test(url))?.[0] ?? 'native code'
  );
}

async function profileHit(folder: string): Promise<void> {
  const tintype = await startTintype({}, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const path = '/img/photo/f_webp,w_400';
  try {
    const [photo] = await drawnPhotos.ofPixels(2_000_000);
    if (photo !== undefined) await tintype.put('photo', photo.bytes);
    await (await fetch(tintype.url + path)).arrayBuffer();
    await send({ server: tintype.url, paths: [path], answers: hits, connections: 16, cacheStatus: 'detail=memory' });
  } finally {
    await tintype.stop();
  }
  for (const name of await readdir(folder)) {
    if (!name.includes(`.${tintype.pid}.`)) continue;
    const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile;
    tell(`One hit, µs of the server's own thread (${hits} hits)`, sums(profile), 1 / hits);
  }
}

function sums({ nodes, samples, timeDeltas }: Profile): ReadonlyMap<string, number> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, roomOf(callFrame)]));
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const room = frames.get(id) ?? 'native code';
    spent.set(room, (spent.get(room) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return spent;
}

function tell(title: string, spent: ReadonlyMap<string, number>, factor: number): void {
  console.log(`\n${title}`);
  for (const [name, value] of [...spent].sort((a, b) => b[1] - a[1])) {
    console.log(`  ${(value * factor).toFixed(1).padStart(8)}  ${name}`);
  }
}

/** Variants of a photo of which a working copy is there: each is asked once. */
const variants = 100;

/** In CPU, so that what else the machine does does not count: by sharp alone, and by each process of ours. */
async function profileMiss(): Promise<void> {
  await withSides({}, async ({ tintype, loop }) => {
    const [photo] = await drawnPhotos.ofPixels(12_000_000);
    if (photo === undefined) throw new Error('Expected a photo');
    await bring([photo], { tintype, loop });
    await (await fetch(`${tintype.url}/img/${photo.id}/f_jpg,w_100`)).arrayBuffer();
    await tintype.until('copies', (count) => count > 0);
    const jobs = (shrinking: Shrinking) =>
      Array.from({ length: variants }, (_, index) =>
        loop.job(photo, { width: 351 + index, format: 'jpg', quality: 80 }, shrinking),
      );
    const alone = (shrinking: Shrinking) => effortOf(loop.pid, () => loop.make(jobs(shrinking), 1));
    const [usual, careful] = [await alone('usual'), await alone('careful')];
    const before = cpuSecondsOf(tintype.pid);
    const both = await effortOf(tintype.pid, () => {
      const paths = jobs('careful').map(({ url }) => url);
      return send({ server: tintype.url, paths, answers: variants, connections: 1, cacheStatus: 'fwd=miss' });
    });
    const own = cpuSecondsOf(tintype.pid) - before;
    const parts = new Map([
      ['sharp alone, with its usual shrink-on-load', usual],
      ['sharp alone, as the first answer is made: a factor of two is left to Lanczos', careful],
      ['a later answer, from the working copy: the rendering process', both - own],
      ["a later answer: the server's own process", own],
    ]);
    tell(`A 12 megapixel JPEG as JPEG of 351 to 450 px, ms of CPU (${variants} each)`, parts, 1000 / variants);
  });
}

const before = loadNow();
const folder = await mkdtemp(join(tmpdir(), 'tintype-profile-'));
try {
  await profileHit(folder);
  await profileMiss();
  console.log(`\n${printMachine(thisMachine(drawnPhotos.source, before))}`);
} finally {
  await rm(folder, { recursive: true });
}

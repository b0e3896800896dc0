import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send } from './client.ts';
import { type Job, startLoop } from './loop.ts';
import { median } from './numbers.ts';
import { drawnPhotos } from './photos.ts';
import { startTintype, type Tintype } from './tintype.ts';

/**
 * `npm run bench:profile`: where the time of one hit and of one miss goes. A hit's by V8's profiler, by who runs; a miss's by
 * what is left when its parts are done alone. For `docs/speed.md`; nothing is compared with anything.
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
const rooms: readonly (readonly [name: string, test: RegExp])[] = [
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
  return rooms.find(([, test]) => test.test(url === '' ? functionName : url) || test.test(url))?.[0] ?? 'native code';
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

/** How often each part is done. */
const rounds = 9;

async function profileMiss(): Promise<void> {
  const loop = await startLoop();
  const tintype = await startTintype();
  try {
    const [photo] = await drawnPhotos.ofPixels(12_000_000);
    if (photo === undefined) throw new Error('Expected a photo');
    await loop.keep(photo);
    await tintype.put(photo.id, photo.bytes);
    const job = loop.job(photo, { width: 400, format: 'webp' });
    const alone = async (made: Job) => median(await times(async () => (await loop.make([made], 1)).seconds));
    const whole = await alone(job);
    const tiny = await alone(loop.job(photo, { width: 16, format: 'jpg' }, 'none'));
    const first = median(await times(async () => askAnew(tintype, job)));
    await tintype.until('copies', (count) => count > 0);
    let quality = 50;
    const later = median(
      await times(() => askOnce(tintype, loop.job(photo, { width: 400, format: 'webp', quality: quality++ }))),
    );
    const hit = median(await times(() => askOnce(tintype, job)));
    const parts = new Map([
      ['all of a first miss over HTTP', first],
      ['sharp alone: decode, scale to 400 px, encode as webp', whole],
      ['what the server adds: request, names, store, gate, IPC, answer', first - whole],
      ['all of a later miss over HTTP, from the working copy', later],
      ['all of a hit over HTTP, one at a time', hit],
      ['for comparison: decoding all 12 megapixels at full size', tiny],
    ]);
    tell('One miss of a 12 megapixel JPEG, ms, medians', parts, 1000);
  } finally {
    await tintype.stop();
    await loop.close();
  }
}

async function times(work: () => Promise<number>): Promise<readonly number[]> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round++) all.push(await work());
  return all.slice(1);
}

const askOnce = (tintype: Tintype, { url }: Job) =>
  send({ server: tintype.url, paths: [url], answers: 1, connections: 1, cacheStatus: 'tintype' });

async function askAnew(tintype: Tintype, job: Job): Promise<number> {
  await tintype.purgeAll();
  await tintype.until('renders_running', (running) => running === 0);
  return askOnce(tintype, job);
}

const folder = await mkdtemp(join(tmpdir(), 'tintype-profile-'));
try {
  await profileHit(folder);
  await profileMiss();
} finally {
  await rm(folder, { recursive: true });
}

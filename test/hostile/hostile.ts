import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formats } from '../../src/formats/index.ts';
import { BesiegedServer } from './besieged-server.ts';
import { readManifest } from './manifest.ts';
import { type Visited, type Visitor, visit } from './visit.ts';

/**
 * `npm run hostile -- DIR`: sends every file below a folder to the built server, four at a time, with a health probe and
 * a good picture in between. Exits with 1 if anything went wrong; `test/hostile/README.md` says what that means.
 */

const lanes = 4;
/** Bytes by which the serving process may grow. */
const mostGrowth = 20 * 1024 * 1024;
/** Where files of the ImageTragick kind write, and the port that their URLs name. */
const canaryFile = '/tmp/canary-msl';
const canaryPort = 9999;

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

function visitorsIn(folder: string): readonly Visitor[] {
  const manifest = readManifest(folder);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file !== 'MANIFEST.tsv' && statSync(join(folder, file)).isFile())
    .sort()
    .map((file, index) => ({
      file,
      id: `visitor-${index}`,
      bytes: readFileSync(join(folder, file)),
      expectation: manifest.get(file) ?? { words: '', decoder: null },
    }));
}

/** Gives the number of connections to a port that hostile files name. */
async function listenForCanaries(): Promise<() => number> {
  let calls = 0;
  const listener = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(canaryPort, '127.0.0.1', resolve);
  });
  listener.unref();
  return () => calls;
}

/** What good clients meet meanwhile: the probe, and a picture nobody has asked for yet. */
async function probe(server: BesiegedServer, width: number): Promise<readonly string[]> {
  const live = await server.get('/livez');
  const good = await server.get(`/img/good/w_${width},f_webp`);
  return [
    ...(live.status === 200 && live.took < 1000
      ? []
      : [`/livez answered ${live.status} in ${Math.round(live.took)} ms`]),
    ...(good.status === 200 && good.took < server.deadline ? [] : [`a good picture answered ${good.status}`]),
  ];
}

/** Takes and renders some, so that what a process needs but once is there before memory is compared. */
async function warmUp(server: BesiegedServer): Promise<number> {
  const good = readFileSync(join(fixtures, 'scene.jpg'));
  for (const id of ['good', ...Array.from({ length: 60 }, (_, round) => `warm-${round}`)]) {
    const { status } = await server.put(id, good);
    if (status !== 201) throw new Error(`Expected the good picture to be stored but the server answered ${status}`);
    for (const format of Object.keys(formats)) await server.get(`/img/${id}/w_40,f_${format}`);
  }
  server.forgetPeak();
  return server.memory();
}

async function besiege(server: BesiegedServer, visitors: readonly Visitor[]): Promise<readonly Visited[]> {
  const visits: Visited[] = [];
  const queue = visitors.values();
  let width = 100;
  const lane = async () => {
    for (const visitor of queue) {
      const visited = await visit(server, visitor);
      const wrongs = await probe(server, width++);
      visits.push({ ...visited, wrongs: [...visited.wrongs, ...wrongs] });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return visits;
}

/** Memory when nothing has been asked for a while: what is only waiting to be collected is no growth. */
async function settled(server: BesiegedServer): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return server.memory();
}

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

function summarise(visits: readonly Visited[]): string {
  const counts = new Map<number, number>();
  for (const { status } of visits) counts.set(status, (counts.get(status) ?? 0) + 1);
  const slowest = visits.reduce((slow, next) => (next.took > slow.took ? next : slow));
  const answers = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  return `${visits.length} files: ${answers.join(', ')}; slowest upload ${Math.round(slowest.took)} ms (${slowest.file})`;
}

async function run(folder: string): Promise<readonly string[]> {
  const visitors = visitorsIn(folder);
  if (visitors.length === 0) throw new Error(`Expected files in ${folder} but there are none`);
  rmSync(canaryFile, { force: true });
  const canaries = await listenForCanaries();
  const server = await BesiegedServer.start();
  try {
    const before = await warmUp(server);
    const visits = await besiege(server, visitors);
    const peak = server.peak - before;
    const growth = (await settled(server)) - before;
    console.log(summarise(visits));
    for (const { file, status, excuse } of visits) if (excuse !== null) console.log(`  ${status} ${file}: ${excuse}`);
    console.log(
      `the server's own memory: ${megabytes(before)}, ${megabytes(growth)} more afterwards, at most ${megabytes(peak)} more in between`,
    );
    console.log(`rendering processes that had to be replaced: ${server.deaths}`);
    return [
      ...visits.flatMap(({ file, wrongs }) => wrongs.map((wrong) => `${file}: ${wrong}`)),
      ...(server.alive ? [] : ['the server is gone']),
      ...(growth > mostGrowth ? [`the server grew by ${megabytes(growth)}`] : []),
      ...(canaries() === 0 ? [] : [`a file made the server call port ${canaryPort}`]),
      ...(existsSync(canaryFile) ? [`a file made the server write ${canaryFile}`] : []),
    ];
  } finally {
    await server.stop();
  }
}

const wrongs = await run(process.argv[2] ?? fixtures);
for (const wrong of wrongs) console.log(`WRONG ${wrong}`);
console.log(wrongs.length === 0 ? 'nothing went wrong' : `${wrongs.length} things went wrong`);
process.exitCode = wrongs.length === 0 ? 0 : 1;

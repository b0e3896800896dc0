import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.ts';
import { bytesOfEach, crowd, objectsOfEach } from './crowd.ts';
import { median, quantile } from './numbers.ts';
import { drawnPhotos } from './photos.ts';
import { type Server, startServer } from './process.ts';

/**
 * `npm run bench:keeping [-- OBJECTS]`: the memory of a sweep over so many objects (100 000), and what a sweep that deletes
 * does to the answers of live requests meanwhile.
 */
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const token = 'token-of-the-bench';
const headers = { authorization: `Bearer ${token}` };
const agent = new Agent({ keepAlive: true });

const objects = Number(process.argv[2] ?? 100_000);
const originals = Math.ceil(objects / objectsOfEach);
/** Originals that are too many, in each round. */
const excess = 500;
const rounds = 5;
/** Requests a second. */
const rates = { hit: 100, render: 5 };

type Kind = keyof typeof rates;
type Times = Readonly<Record<Kind, number[]>>;

const start = (folder: string, more: Readonly<Record<string, string>> = {}) =>
  startServer([program], {
    PATH: process.env['PATH'],
    TINTYPE_STORE: `file:${folder}`,
    TINTYPE_TOKEN: token,
    TINTYPE_PORT: '0',
    TINTYPE_SWEEP_EVERY: '0s',
    ...more,
  });

const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, nth) => `${name}:${nth}`);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** MB that a process has in memory now (`VmRSS`), or had at most since it was last asked to forget (`VmHWM`). */
async function memory(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1000;
}

interface Receipt {
  readonly expired: { readonly objects: number };
  readonly variants: { readonly objects: number };
  readonly originals: { readonly objects: number };
  readonly markers: { readonly objects: number };
}

async function sweep(server: Server): Promise<Receipt> {
  const answer = await fetch(`${server.url}/sweep`, { method: 'POST', headers });
  if (!answer.ok) throw new Error(`Expected a sweep but received ${await answer.text()}`);
  return (await answer.json()) as Receipt;
}

async function weigh(server: Server, what: string): Promise<void> {
  // What was started for the first requests is not the sweep's.
  for (let time = 0; time < 20; time++) await timeOf(`${server.url}/stats`);
  await pause(2000);
  const idle = await memory(server.pid, 'VmRSS');
  await writeFile(`/proc/${server.pid}/clear_refs`, '5');
  const begun = performance.now();
  const receipt = await sweep(server);
  const seconds = (performance.now() - begun) / 1000;
  const most = await memory(server.pid, 'VmHWM');
  const megabytes = [idle, most, most - idle].map((value) => value.toFixed(0));
  console.log(
    `${what}: ${megabytes[0]} MB idle, ${megabytes[1]} MB at most, ${megabytes[2]} MB above idle; ${seconds.toFixed(1)} s; ${JSON.stringify(receipt)}`,
  );
}

/** Milliseconds of one request. */
async function timeOf(url: string): Promise<number> {
  const { status, milliseconds } = await ask(url, agent, headers);
  if (status !== 200) throw new Error(`Expected 200 but received ${status}`);
  return milliseconds;
}

let asked = 0;
const pathOf: Readonly<Record<Kind, () => string>> = {
  hit: () => '/img/photo/w_400,f_webp',
  render: () => {
    asked += 1;
    return `/img/photo/c_crop,h_900,w_900,x_${asked % 300},y_${Math.floor(asked / 300)}/w_300,f_jpg`;
  },
};

/** Requests at their times, whether or not the ones before were answered, until told to stop. */
async function live(server: Server, until: Promise<unknown>): Promise<Times> {
  const times: Times = { hit: [], render: [] };
  const end = new AbortController();
  void until.finally(() => end.abort());
  const flow = async (kind: Kind) => {
    const begun = performance.now();
    const answers: Promise<unknown>[] = [];
    for (let nth = 0; !end.signal.aborted; nth++) {
      await pause(begun + (nth * 1000) / rates[kind] - performance.now());
      answers.push(timeOf(server.url + pathOf[kind]()).then((took) => times[kind].push(took)));
    }
    await Promise.all(answers);
  };
  await Promise.all([flow('hit'), flow('render')]);
  return times;
}

/** Rounds in turns: alone, then beside a sweep that deletes, for as long as that takes. */
async function disturb(server: Server, folder: string): Promise<void> {
  const ratios: Record<Kind, number[]> = { hit: [], render: [] };
  await live(server, pause(5000));
  for (let round = 0; round < rounds; round++) {
    const before = await live(server, pause(10_000));
    await crowd(folder, idsOf(`round-${round}`, excess), Date.now() - 86_400_000);
    await pause(1000);
    const begun = performance.now();
    const sweeping = sweep(server);
    const beside = await live(server, sweeping);
    const seconds = (performance.now() - begun) / 1000;
    const told = (['hit', 'render'] as const).map((kind) => {
      const [alone, both] = [quantile(before[kind], 0.99), quantile(beside[kind], 0.99)];
      ratios[kind].push(both / alone);
      return `${kind} p50 ${median(before[kind]).toFixed(1)} → ${median(beside[kind]).toFixed(1)} ms, p99 ${alone.toFixed(1)} → ${both.toFixed(1)} ms (${before[kind].length}, ${beside[kind].length} answers)`;
    });
    console.log(
      `round ${round}: ${(await sweeping).expired.objects} deleted in ${seconds.toFixed(1)} s; ${told.join('; ')}`,
    );
  }
  for (const kind of ['hit', 'render'] as const) {
    const spread = [0, 1].map((share) => quantile(ratios[kind], share).toFixed(2)).join('–');
    console.log(`p99 of a ${kind} beside retention, against alone: ${median(ratios[kind]).toFixed(2)} (${spread})`);
  }
}

async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-keeping-'));
  try {
    await crowd(folder, idsOf('crowd', originals), Date.now() - 7_200_000);
    const looking = await start(folder);
    await weigh(looking, `A sweep of ${originals * objectsOfEach} objects`);
    const [photo] = await drawnPhotos.ofPixels(2_000_000);
    if (photo === undefined) throw new Error('Expected a photo');
    await fetch(`${looking.url}/originals/photo`, { method: 'PUT', body: photo.bytes, headers });
    await fetch(`${looking.url}/originals/sample`, { method: 'DELETE', headers });
    await looking.stop();
    const keep = photo.bytes.byteLength + originals * bytesOfEach;
    const keeping = await start(folder, { TINTYPE_RETAIN_SIZE: `${keep}B` });
    await disturb(keeping, folder);
    await keeping.stop();
  } finally {
    agent.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

await run();

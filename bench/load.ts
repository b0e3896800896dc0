import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, ask } from './ask.ts';
import { quantile } from './numbers.ts';
import { drawnPhotos } from './photos.ts';
import { type Server, startServer } from './process.ts';

/**
 * `npm run bench:load`: ten times as many misses as can be rendered, beside steady hits; what is refused, and how soon all is
 * well again. This client runs on the same machine: what asking, and being refused, takes of its cores is gone for renders.
 */
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const token = 'token-of-the-bench';
const authorization = { authorization: `Bearer ${token}` };
const agent = new Agent({ keepAlive: true, maxSockets: 2000 });

/** What is asked for. */
interface Work {
  readonly means: string;
  /** Of the original, in pixels. */
  readonly pixels: number;
  readonly width: number;
  readonly format: 'jpg' | 'webp';
}

/** The less a render takes, the more of the machine goes to those that are refused. */
const works: readonly Work[] = [
  { means: "a phone's photo for a page: 12 MP to 800 px WebP", pixels: 12_000_000, width: 800, format: 'webp' },
  { means: 'about the least there is: 2 MP to 400 px JPEG', pixels: 2_000_000, width: 350, format: 'jpg' },
];

let asked = 0;
/** No two are alike. */
function miss({ url }: Server, { width, format }: Work): Promise<Answer> {
  const count = asked++;
  const words = [
    `w_${width + (count % 100)}`,
    `q_${50 + (Math.floor(count / 100) % 45)}`,
    `e_brightness:${1 + (Math.floor(count / 4500) % 90)}`,
  ];
  return ask(`${url}/img/photo/${words.join(',')},f_${format}`, agent);
}
const hit = ({ url }: Server) => ask(`${url}/img/photo/w_300,f_webp`, agent);

/** Asks at a steady rate, whatever comes back, for so long; the answers may be still to come. */
async function steadily(perSecond: number, seconds: number, wish: () => Promise<Answer>): Promise<Promise<Answer>[]> {
  const answers: Promise<Answer>[] = [];
  const begun = performance.now();
  for (let count = 0; count < perSecond * seconds; ) {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    for (; count < Math.min(due, perSecond * seconds); count++) answers.push(wish());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return answers;
}

/** Renders a second where nobody asks for more than can be made. */
async function peakOf(server: Server, work: Work, seconds: number): Promise<number> {
  let made = 0;
  const end = performance.now() + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const { status } = await miss(server, work);
      if (status === 200) made += 1;
    }
  };
  await Promise.all(Array.from({ length: 4 }, client));
  return made / seconds;
}

/** Counts of hits in memory by the bounds of the server's own histogram, in seconds. */
async function histogram({ url }: Server): Promise<ReadonlyMap<number, number>> {
  const text = await (await fetch(`${url}/metrics`, { headers: authorization })).text();
  const lines = text.matchAll(
    /^tintype_request_duration_seconds_bucket\{le="([^"]+)",route="\/img\/\*",tier="memory"\} (\d+)/gm,
  );
  return new Map([...lines].map(([, le = '', count = '']) => [Number(le.replace('+Inf', 'Infinity')), Number(count)]));
}

/** The bound below which 99 of 100 of what came between two looks lie, in milliseconds. */
function p99Between(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  const total = (after.get(Infinity) ?? 0) - (before.get(Infinity) ?? 0);
  const bound = [...after].find(([le, count]) => count - (before.get(le) ?? 0) >= total * 0.99);
  return (bound?.[0] ?? Number.NaN) * 1000;
}

const millisecondsOf = (answers: readonly Answer[]) => answers.map(({ milliseconds }) => milliseconds);

const thumbnail: Work = { means: '0.3 MP to a thumbnail', pixels: 300_000, width: 100, format: 'jpg' };

/** So many thumbnails at once, none of which was made before, beside steady hits as this client sees them. */
async function gallery(server: Server, count: number): Promise<void> {
  const idle = millisecondsOf(await Promise.all(await steadily(50, 2, () => hit(server))));
  const begun = performance.now();
  const missing = Promise.all(Array.from({ length: count }, () => miss(server, thumbnail)));
  const hits: Promise<Answer>[] = [];
  const hitting = setInterval(() => hits.push(hit(server)), 20);
  const misses = await missing;
  const took = performance.now() - begun;
  clearInterval(hitting);
  const p99 = quantile(millisecondsOf(await Promise.all(hits)), 0.99);
  const refused = misses.filter(({ status }) => status === 503).length;
  const made = misses.filter(({ status }) => status === 200).length;
  console.log(
    `${count} cold thumbnails at once: ${made} made, ${refused} refused, in ${took.toFixed(0)} ms; hits' p99 ${quantile(idle, 0.99).toFixed(1)} ms idle, ${p99.toFixed(1)} ms meanwhile`,
  );
}

async function putPhoto({ url }: Server, pixels: number): Promise<void> {
  const [photo] = await drawnPhotos.ofPixels(pixels);
  if (photo === undefined) throw new Error('Expected a photo');
  await fetch(`${url}/originals/photo`, { method: 'PUT', body: photo.bytes, headers: authorization });
}

async function anonymousMemory({ pid }: Server): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

async function run(server: Server, work: Work): Promise<void> {
  console.log(`\n${work.means}`);
  await putPhoto(server, work.pixels);
  await hit(server);
  const peak = await peakOf(server, work, 5).then(() => peakOf(server, work, 10));
  console.log(`peak: ${peak.toFixed(1)} renders a second`);
  const idle = await histogram(server);
  const idleHits = millisecondsOf(await Promise.all(await steadily(50, 10, () => hit(server))));
  const quiet = await histogram(server);
  const idleP99 = p99Between(idle, quiet);
  const seconds = 30;
  const [missing, hitting] = await Promise.all([
    steadily(Math.round(peak * 10), seconds, () => miss(server, work)),
    steadily(50, seconds, () => hit(server)),
  ]);
  const stopped = performance.now();
  let recovered = await miss(server, work);
  while (recovered.status !== 200 || recovered.milliseconds > 1000) recovered = await miss(server, work);
  const recovery = performance.now() - stopped;
  const [misses, hits] = [await Promise.all(missing), await Promise.all(hitting)];
  const stormy = await histogram(server);
  const made = misses.filter(({ status }) => status === 200);
  const refused = misses.filter(({ status }) => status === 503).map(({ milliseconds }) => milliseconds);
  const others = misses.length - made.length - refused.length;
  const stormP99 = p99Between(quiet, stormy);
  console.log(
    `hits: p99 at most ${idleP99} ms idle, ${stormP99} ms under ten times the load, by the server's histogram;`,
  );
  console.log(
    `  as the client sees them: ${quantile(idleHits, 0.99).toFixed(1)} and ${quantile(millisecondsOf(hits), 0.99).toFixed(1)} ms;`,
  );
  console.log(`  ${hits.filter(({ status }) => status === 200).length} of ${hits.length} were answered`);
  console.log(
    `goodput: ${(made.length / seconds / peak).toFixed(2)} of the peak (${made.length} of ${misses.length} misses)`,
  );
  console.log(
    `refusals: median ${quantile(refused, 0.5).toFixed(1)} ms, p99 ${quantile(refused, 0.99).toFixed(1)} ms as the client sees them`,
  );
  console.log(
    `other answers: ${others}; recovery: ${recovery.toFixed(0)} ms; server's memory: ${(await anonymousMemory(server)).toFixed(0)} MB`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'tintype-load-'));
const env = {
  PATH: process.env['PATH'],
  TINTYPE_STORE: `file:${folder}/data`,
  TINTYPE_TOKEN: token,
  TINTYPE_PORT: '0',
};
const server = await startServer([program], { ...env, TINTYPE_VARIANTS_PER_ORIGINAL: '100000' });
try {
  await putPhoto(server, thumbnail.pixels);
  await hit(server);
  for (const count of [40, 200, 400]) await gallery(server, count);
  for (const work of works) await run(server, work);
} finally {
  agent.destroy();
  await server.stop();
  await rm(folder, { recursive: true });
}

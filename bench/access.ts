import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.ts';
import { mean, quantile } from './numbers.ts';
import { drawnPhotos } from './photos.ts';
import { startServer } from './process.ts';

/** `npm run bench:access`: what wrong signatures cost, told by where they differ; a polite client beside a greedy one. */
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const key = 'a-key-for-the-bench-that-is-long-enough';
const token = 'token-of-the-bench';
const agent = new Agent({ keepAlive: true });

/** As behind a proxy that names its client. */
const askAs = (url: string, client: string, through = agent) => ask(url, through, { 'x-forwarded-for': client });

const deviation = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
/** Without the tenth that waited for something else. */
const usual = (values: readonly number[]) => values.filter((value) => value <= quantile(values, 0.9));

async function withServer(more: Readonly<Record<string, string>>, use: (url: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-'));
  const env = { PATH: process.env['PATH'], TINTYPE_STORE: `file:${folder}`, TINTYPE_TOKEN: token, TINTYPE_PORT: '0' };
  const server = await startServer([program], { ...env, ...more });
  try {
    const [photo] = await drawnPhotos.ofPixels(2_000_000);
    const headers = { authorization: `Bearer ${token}` };
    if (photo !== undefined)
      await fetch(`${server.url}/originals/photo`, { method: 'PUT', body: photo.bytes, headers });
    await use(server.url);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

/** Wrong signatures in turns: one that differs in its first character, one in its last. */
async function timing(url: string): Promise<void> {
  const right = createHmac('sha256', key).update('photo/w_9').digest('base64url').slice(0, 32);
  const other = (character: string | undefined) => (character === 'A' ? 'B' : 'A');
  const kinds = {
    'first differs': other(right[0]) + right.slice(1),
    'last differs': right.slice(0, 31) + other(right[31]),
  };
  const took: Record<string, number[]> = {};
  const tries = 10_000;
  for (let time = 0; time < tries + 500; time++) {
    const both = Object.entries(kinds);
    for (const [kind, signature] of time % 2 === 0 ? both : both.toReversed()) {
      const { status, milliseconds } = await askAs(`${url}/img/photo/s--${signature}--/w_9`, '1.1.1.1');
      if (status !== 403) throw new Error(`Expected 403 but received ${status}`);
      // The first ones warm up.
      if (time >= 500) (took[kind] ??= []).push(milliseconds * 1000);
    }
  }
  const [a = [], b = []] = Object.values(took).map(usual);
  const noise = Math.sqrt(deviation(a) ** 2 / a.length + deviation(b) ** 2 / b.length);
  for (const [kind, values] of Object.entries(took)) {
    console.log(
      `${kind}: median ${quantile(values, 0.5).toFixed(1)} µs, mean of the lower 90 % ${mean(usual(values)).toFixed(2)} µs`,
    );
  }
  console.log(
    `difference ${(mean(a) - mean(b)).toFixed(2)} µs, standard error ${noise.toFixed(2)} µs, ${tries} tries each`,
  );
}

/** Misses of a polite client, one after another, alone and beside one that always wants 32 at once. */
async function fairness(url: string): Promise<void> {
  let asked = 0;
  const miss = () => {
    asked += 1;
    return `${url}/img/photo/c_crop,h_900,w_900,x_${asked % 300},y_${Math.floor(asked / 300)}/w_300,f_jpg`;
  };
  const polite = async () => {
    const took: number[] = [];
    for (let time = 0; time < 200; time++) {
      const { status, milliseconds } = await askAs(miss(), '1.1.1.1');
      if (status !== 200) throw new Error(`Expected 200 but received ${status}`);
      took.push(milliseconds);
    }
    return took;
  };
  const tell = (what: string, took: readonly number[]) =>
    console.log(`${what}: median ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms`);
  await polite();
  const alone = await polite();
  const end = new AbortController();
  const greedyAgent = new Agent({ keepAlive: true });
  const outcomes = { served: 0, refused: 0 };
  const greedy = Array.from({ length: 32 }, async () => {
    while (!end.signal.aborted) {
      const { status } = await askAs(miss(), '2.2.2.2', greedyAgent);
      if (status === 200) outcomes.served += 1;
      else outcomes.refused += 1;
      // Ten times as often as it was told to.
      if (status === 503) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  const beside = await polite();
  end.abort();
  await Promise.all(greedy);
  greedyAgent.destroy();
  tell('polite alone', alone);
  tell('polite beside a greedy one', beside);
  console.log(
    `p99 ratio ${(quantile(beside, 0.99) / quantile(alone, 0.99)).toFixed(2)}; the greedy one had ${outcomes.served} answers and ${outcomes.refused} refusals`,
  );
}

await withServer({ TINTYPE_SIGNING_KEYS: key }, timing);
await withServer({ TINTYPE_TRUSTED_PROXIES: '127.0.0.1' }, fairness);
agent.destroy();

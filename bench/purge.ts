import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built, serverToken, startServer } from '../test/support/server-process.ts';
import { solid } from '../test/support/tintype.ts';

/**
 * How soon a purge of one id is seen, and when its bytes are gone: 2 500 variants of one original among 200 000 in a folder.
 * `npm run bench:purge`; the first word is how many variants there are in all.
 */
const all = Number(process.argv[2] ?? 200_000);
const each = Math.min(2500, all);
const headers = { authorization: `Bearer ${serverToken}` };
const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-purge-'));
const server = await startServer({ TINTYPE_PORT: '0', TINTYPE_LOG: 'warn' }, folder, built);
try {
  const picture = await solid('#123456', 64, 64);
  await fetch(`${server.url}/originals/cat`, { method: 'PUT', headers, body: picture });
  for (let id = 0; id < all / each; id++)
    await fill(join(folder, 'data/v/0', id === 0 ? 'cat' : `other${id}`, 'aaaaaaaa.0'));
  const path = `${server.url}/img/cat/w_9,f_png`;
  /** A HEAD never renders, so what it takes is not in the figure. */
  const isHit = async () =>
    (await fetch(path, { method: 'HEAD' })).headers.get('cache-status')?.includes('hit') === true;
  const seen: number[] = [];
  let gone = 0;
  for (let round = 0; round < 20; round++) {
    await (await fetch(path)).arrayBuffer();
    const begun = performance.now();
    const purging = fetch(`${server.url}/purge`, { method: 'POST', headers, body: '{"ids":["cat"]}' });
    while (await isHit());
    seen.push(performance.now() - begun);
    const { bucket } = (await (await purging).json()) as { bucket: { objects: number } };
    if (round === 0) {
      gone = performance.now() - begun;
      console.log(`${bucket.objects} of ${all} variants gone after ${gone.toFixed(0)} ms`);
    }
  }
  const [first = 0] = seen;
  const sorted = seen.toSorted((a, b) => a - b);
  console.log(
    `seen after ${first.toFixed(1)} ms with ${each} variants, then least ${sorted[0]?.toFixed(1)} ms, median ${sorted[10]?.toFixed(1)} ms, most ${sorted.at(-1)?.toFixed(1)} ms`,
  );
} finally {
  await server.end('SIGKILL');
  await rm(folder, { recursive: true });
}

async function fill(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  for (let first = 0; first < each; first += 100) {
    const some = Array.from({ length: Math.min(100, each - first) }, (_, index) => first + index);
    await Promise.all(some.map((index) => writeFile(join(path, `h${index}.9x9.png`), 'variant')));
  }
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawnPhotos } from './photos.ts';
import { type Server, startServer } from './process.ts';

/**
 * `npm run bench:endurance -- DIR [REQUESTS]`: 5 000 mixed requests, the files of a folder among them as uploads, damaged and
 * hostile ones best; how the server's anonymous memory and its open files are after all of them against after the first 500.
 * What is kept on purpose is bounded low, so that it is full by then.
 */
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const authorization = { authorization: 'Bearer token-of-the-bench' };
const first = 500;
const lanes = 4;

/** Files of a folder and those below it. */
function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const paths = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  if (paths.length === 0) throw new Error(`Expected files in ${folder}`);
  return paths.toSorted();
}

/** In MB and in number. */
async function held({ pid }: Server): Promise<{ readonly memory: number; readonly files: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const memory = Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
  return { memory, files: readdirSync(`/proc/${pid}/fd`).length };
}

interface Wish {
  readonly method: string;
  readonly path: string;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

const formats = ['webp', 'jpg', 'avif', 'png', 'auto'] as const;

/** The nth request: one in ten an upload of a file, then what came of it; pictures, hits, mistakes, questions, purges. */
function wishOf(nth: number, files: readonly string[]): Wish {
  const round = Math.floor(nth / 10);
  const file = files[round % files.length] ?? '';
  const id = `file-${round % 200}`;
  const format = formats[round % formats.length];
  const wishes: readonly (() => Wish)[] = [
    () => ({ method: 'PUT', path: `/originals/${id}`, body: new Uint8Array(readFileSync(file)) }),
    () => ({ method: 'GET', path: `/img/${id}/w_200,f_${format}` }),
    () => ({ method: 'GET', path: `/img/photo/w_${100 + (round % 700)},f_${format}` }),
    () => ({
      method: 'GET',
      path: `/img/photo/c_fill,h_${100 + (round % 300)},w_300,e_blur:${1 + (round % 90)},f_webp`,
    }),
    () => ({ method: 'GET', path: '/img/photo/w_300,f_webp' }),
    () => ({ method: 'GET', path: `/img/photo/w_${round}x,f_webp` }),
    () => ({ method: 'GET', path: `/img/nobody-${nth}/w_100` }),
    () => ({ method: 'GET', path: `/info/${id}` }),
    () => ({ method: 'HEAD', path: `/img/photo/w_${100 + (round % 50)},f_webp` }),
    () =>
      round % 20 === 0
        ? { method: 'POST', path: '/purge', body: '{"ids":["photo"]}' }
        : { method: 'DELETE', path: `/originals/file-${(round + 100) % 200}` },
  ];
  return wishes[nth % wishes.length]?.() ?? { method: 'GET', path: '/livez' };
}

/** Answers by the hundreds of their statuses. */
async function send(server: Server, files: readonly string[], [from, to]: readonly [number, number]) {
  const counts = new Map<string, number>();
  let next = from;
  const lane = async () => {
    while (next < to) {
      const { method, path, body } = wishOf(next++, files);
      const answer = await fetch(server.url + path, {
        method,
        headers: authorization,
        ...(body === undefined ? {} : { body }),
      });
      await answer.arrayBuffer();
      const kind = answer.status >= 500 ? String(answer.status) : `${Math.floor(answer.status / 100)}xx`;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return counts;
}

async function run(server: Server, files: readonly string[], requests: number): Promise<void> {
  const [photo] = await drawnPhotos.ofPixels(2_000_000);
  if (photo === undefined) throw new Error('Expected a photo');
  await fetch(`${server.url}/originals/photo`, { method: 'PUT', body: photo.bytes, headers: authorization });
  let before: Awaited<ReturnType<typeof held>> | null = null;
  for (let done = 0; done < requests; done += first) {
    const counts = await send(server, files, [done, Math.min(requests, done + first)]);
    const now = await held(server);
    before ??= now;
    const answers = [...counts]
      .map(([kind, count]) => `${kind} ${count}`)
      .toSorted()
      .join(', ');
    console.log(
      `after ${done + first}: ${now.memory.toFixed(0)} MB (${(now.memory / before.memory).toFixed(2)} ×), ${now.files} open files; ${answers}`,
    );
  }
}

const [dir, requests = '5000'] = process.argv.slice(2);
if (dir === undefined) throw new Error('Expected a folder of files: npm run bench:endurance -- DIR');
const folder = await mkdtemp(join(tmpdir(), 'tintype-endurance-'));
const server = await startServer([program], {
  PATH: process.env['PATH'],
  TINTYPE_STORE: `file:${folder}/data`,
  TINTYPE_TOKEN: 'token-of-the-bench',
  TINTYPE_PORT: '0',
  TINTYPE_MEMORY: '16MB',
});
try {
  await run(server, filesIn(dir), Number(requests));
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}

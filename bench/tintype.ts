import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Server, startServer } from './process.ts';

export interface Tintype extends Server {
  put(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** From now on every variant is a miss again, and what it was is off the disk. */
  purgeAll(): Promise<void>;
  /** What a path of those with the token is answered with, as text. */
  read(path: string): Promise<string>;
  /** The sum of all numbers of `/metrics` whose line begins so, without `tintype_`. */
  metric(beginning: string): Promise<number>;
  /** Waits until a number of `/metrics`, by its name without `tintype_`, is as wanted. */
  until(metric: string, isSo: (value: number) => boolean): Promise<void>;
}

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const token = 'token-of-the-bench';

/** Tintype as it is built and with its defaults, on a free port, with a new folder for its originals. */
export async function startTintype(
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<Tintype> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-'));
  const server = await startServer([...flags, program], {
    PATH: process.env['PATH'],
    TINTYPE_STORE: `file:${folder}`,
    TINTYPE_TOKEN: token,
    TINTYPE_PORT: '0',
    ...environment,
  });
  const read = async (path: string) =>
    (await fetch(server.url + path, { headers: { Authorization: `Bearer ${token}` } })).text();
  const metric = async (beginning: string) =>
    (await read('/metrics'))
      .split('\n')
      .filter((line) => line.startsWith(`tintype_${beginning}`))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  const readJob = async (path: string) =>
    JSON.parse(await read(path)) as { readonly status: string; readonly error: string };
  return {
    ...server,
    put: async (id, body) => void (await command(`${server.url}/originals/${id}`, { method: 'PUT', body })),
    purgeAll: async () => {
      const { scheduled } = JSON.parse(await command(`${server.url}/purge`, { method: 'POST', body: '{"all":true}' }));
      for (let job = await readJob(scheduled); job.status !== 'complete'; job = await readJob(scheduled)) {
        if (job.status === 'failed') throw new Error(`Expected a purge to succeed but received ${job.error}`);
        await pause();
      }
    },
    read,
    metric,
    until: async (name, isSo) => {
      while (!isSo(await metric(`${name} `))) await pause();
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

async function command(
  url: string,
  request: { readonly method: string; readonly body: string | Uint8Array<ArrayBuffer> },
): Promise<string> {
  const response = await fetch(url, { ...request, headers: { Authorization: `Bearer ${token}` } });
  const answer = await response.text();
  if (!response.ok) throw new Error(`Expected ${request.method} ${url} to succeed but received ${answer}`);
  return answer;
}

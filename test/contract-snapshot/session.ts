import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';
import { type Call, calls } from './calls.ts';

export interface Answer {
  readonly title: string;
  readonly status: number;
  readonly headers: Headers;
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** All that a scripted session with a real server showed to its clients and left in its folder. */
export interface Session {
  readonly answers: readonly Answer[];
  readonly openapi: unknown;
  readonly metrics: string;
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly files: readonly StoredFile[];
}

/** One server, one folder, every call of `calls.ts` once. */
export async function playSession(): Promise<Session> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-contract-'));
  const data = join(folder, 'data');
  const environment = { TINTYPE_STORE: `file:${data}`, TINTYPE_WORKERS: 'none', TINTYPE_MEMORY: '8MB' };
  try {
    const server = await startServer({ ...environment, TINTYPE_SWEEP_EVERY: '0s' }, folder);
    try {
      const answers = await callAll(server);
      await untilLineIsSkipped(server);
      const openapi: unknown = await (await fetch(`${server.url}/openapi.json`)).json();
      const authorization = `Bearer ${serverToken}`;
      const metrics = await (await fetch(`${server.url}/metrics`, { headers: { authorization } })).text();
      await server.end('SIGTERM');
      return { answers, openapi, metrics, log: linesOf(server), files: await filesIn(data) };
    } finally {
      await server.end('SIGKILL');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function callAll(server: ServerProcess): Promise<readonly Answer[]> {
  const kept = new Map<string, string>();
  const filled = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (_all, name: string) => kept.get(name) ?? '');
  const answers: Answer[] = [];
  for (const call of calls(await solid('#00ff00'), await solid('#0000ff'))) {
    const answer = await send(server, call, filled);
    for (const [name, header] of Object.entries(call.keep ?? {})) kept.set(name, answer.headers.get(header) ?? '');
    answers.push(answer);
  }
  return answers;
}

/** A job is asked for until it has ended, 10 s at most. */
async function send(server: ServerProcess, call: Call, filled: (text: string) => string): Promise<Answer> {
  const { title, method = 'GET', path, headers = {}, body } = call;
  const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)]));
  for (let round = 0; ; round++) {
    const response = await fetch(server.url + filled(path), {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (round === 200 || !/"status":\s*"(?:pending|processing)"/.test(text) || title === 'an accepted job') {
      return { title, status: response.status, headers: response.headers };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The log leaves out refusals that are alike, and says in a later line how many. */
async function untilLineIsSkipped(server: ServerProcess): Promise<void> {
  for (let round = 0; round < 100 && !server.said().includes('"skipped"'); round++) {
    await Promise.all(Array.from({ length: 25 }, async () => (await fetch(`${server.url}/img/nobody`)).text()));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function linesOf({ said }: ServerProcess): readonly Readonly<Record<string, unknown>>[] {
  return said()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Readonly<Record<string, unknown>> => JSON.parse(line));
}

async function filesIn(folder: string): Promise<readonly StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path: path.slice(folder.length + 1), bytes: await readFile(path) })));
}

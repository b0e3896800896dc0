import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The real server in a process of its own, on a free port. */
export interface ServerProcess {
  readonly process: ChildProcess;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** All it has said on stdout and stderr so far. */
  readonly said: () => string;
  /** Sends a signal and waits for the end; answers the exit code, or the signal's name. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** Process ids of its rendering processes. */
export function childrenOf({ process: { pid } }: ServerProcess): readonly string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
}

export const serverToken = 'a-token-for-the-process';

/** Runs until it ends by itself; for starts that must fail. */
export async function runServer(environment: Readonly<Record<string, string>>, cwd = root) {
  const server = launch(environment, cwd);
  const said = listen(server);
  const [code] = (await once(server, 'exit')) as [number | null];
  return { code, said: said() };
}

/** Begins to start it, on the port the environment names. */
export function beginServer(environment: Readonly<Record<string, string>>, entry = built): ChildProcess {
  return launch(environment, root, entry);
}

/** What node runs: the one build that all tests share. */
type Entry = readonly string[];

export const built: Entry = [`${root}dist/main.js`];
/** `tintype serve` */
export const command: Entry = [`${root}dist/cli/main.js`, 'serve'];

/** Starts the server and waits until it listens; `before` is what a shell does first, such as `ulimit -n 64`. */
export async function startServer(
  environment: Readonly<Record<string, string>>,
  cwd = root,
  entry = built,
  before = ':',
): Promise<ServerProcess> {
  const server = launch({ TINTYPE_TOKEN: serverToken, ...environment }, cwd, entry, before);
  const said = listen(server);
  const url = await new Promise<string>((resolve, reject) => {
    server.stderr?.on('data', () => {
      const listening = /listens on (http:\/\/\S+)/.exec(said())?.[1];
      if (listening !== undefined) resolve(listening);
    });
    server.once('exit', () => reject(new Error(`The server did not start: ${said()}`)));
  });
  return {
    process: server,
    url,
    said,
    end: async (signal) => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill(signal);
        await once(server, 'exit');
      }
      return server.exitCode ?? server.signalCode ?? 'unknown';
    },
  };
}

function launch(environment: Readonly<Record<string, string>>, cwd: string, entry = built, before = ':'): ChildProcess {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const env = { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), TINTYPE_PORT: '0', ...environment };
  const args = ['-c', `${before} && exec "$0" "$@"`, process.execPath, ...entry];
  return spawn('/bin/sh', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function listen(server: ChildProcess): () => string {
  let said = '';
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
  };
  server.stdout?.on('data', hear);
  server.stderr?.on('data', hear);
  return () => said;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withChildren } from './memory.ts';

/** A server in a process of its own. */
export interface Server {
  /** `http://host:port` */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a program of Node that says on stderr where it listens. Its log, on stdout, goes to /dev/null. */
export async function startServer(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Server> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
      const url = /https?:\/\/[^\s/]+/.exec(said)?.[0];
      if (url === undefined) return;
      resolve(url);
      // What is said after the banner is trouble.
      child.stderr.removeAllListeners('data').pipe(process.stderr);
    });
    child.once('exit', () => reject(new Error(`Expected ${args.at(-1)} to say where it listens but it said: ${said}`)));
  });
  const stop = async () => {
    child.kill();
    await gone;
  };
  return { url, pid: child.pid ?? 0, stop };
}

const bareServer = fileURLToPath(new URL('bare-server.ts', import.meta.url));

/** A bare node:http server that answers as these URLs do. */
export const startBare = (urls: readonly string[]): Promise<Server> =>
  startServer(['--import', 'tsx', bareServer, ...urls], process.env);

/**
 * Seconds of CPU that work takes of a process and all below it: what else the machine does makes it wait, but not dearer. Who
 * dies meanwhile is not counted.
 */
export async function effortOf(pid: number, work: () => Promise<unknown>): Promise<number> {
  const sum = () => withChildren(pid).reduce((seconds, each) => seconds + cpuSecondsOf(each), 0);
  const before = sum();
  await work();
  return sum() - before;
}

/** sysconf(_SC_CLK_TCK), the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Seconds of CPU a process has used: all its threads, and the kernel's work for it. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // Behind the name, which may hold anything, the state is the first field; utime and stime are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

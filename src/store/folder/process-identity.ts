import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * A process as other processes can recognise it, for names of files that must not outlive their maker. A pid alone is
 * not enough: pids are given out again, and in containers everybody is pid 1.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and start (proc(5), /proc/pid/stat field 22); `0` where there is no /proc. */
  readonly started: string;
  /** Which machine, boot and pid namespace the pid belongs to; `0` where there is no /proc. */
  readonly space: string;
}

/** `elsewhere`: a pid of another container or machine, about which nothing can be known from here. */
export type ProcessState = 'alive' | 'dead' | 'elsewhere';

/** Which pids mean what: two containers on one folder differ here, two boots of one machine too. */
async function currentSpace(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = await readlink('/proc/self/ns/pid');
    return createHash('sha256').update(boot).update(namespace).digest('hex').slice(0, 16);
  } catch {
    return '0';
  }
}

/** Null for a pid nobody has, and for a zombie, which holds nothing any more. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command, may hold spaces and brackets: count from its last bracket.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (rest[18] ?? null);
  } catch {
    return null;
  }
}

/** A new name that says which process made it: `<kind>.<pid>.<started>.<space>.<random>`. */
export async function nameWithIdentity(kind: string): Promise<string> {
  const started = (await startOf(process.pid)) ?? '0';
  return [kind, process.pid, started, await currentSpace(), randomBytes(6).toString('hex')].join('.');
}

/** The names of `kind` in `folder`, each with its maker. */
export async function namesWithIdentity(folder: string, kind: string): Promise<Map<string, ProcessIdentity>> {
  const found = new Map<string, ProcessIdentity>();
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${kind}.`)) continue;
    const [, pid, started, space] = /^(\d+)\.(\d+)\.(\w+)\.\w+$/.exec(name.slice(kind.length + 1)) ?? [];
    if (pid !== undefined && started !== undefined && space !== undefined) {
      found.set(name, { pid: Number(pid), started, space });
    }
  }
  return found;
}

export async function processStateOf(mark: ProcessIdentity): Promise<ProcessState> {
  if (mark.space === '0' || mark.space !== (await currentSpace())) return 'elsewhere';
  return (await startOf(mark.pid)) === mark.started ? 'alive' : 'dead';
}

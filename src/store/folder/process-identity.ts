import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * Identifies a process in file names. A pid alone is not enough: pids are reused, and in containers most processes are
 * pid 1.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to start (proc(5), /proc/pid/stat field 22); `0` without /proc. */
  readonly started: string;
  /** Hash of boot and pid namespace; `0` without /proc. */
  readonly space: string;
}

/** `elsewhere`: the pid belongs to another container or machine, so its state is unknown. */
export type ProcessState = 'alive' | 'dead' | 'elsewhere';

/** Hash of boot id and pid namespace. Two containers, or two boots of one machine, differ. */
async function currentSpace(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = await readlink('/proc/self/ns/pid');
    return createHash('sha256').update(boot).update(namespace).digest('hex').slice(0, 16);
  } catch {
    return '0';
  }
}

/** Start time of a process; null for a pid that is not in use, or for a zombie. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command, the second field, may contain spaces and brackets, so fields are counted from its last bracket.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (rest[18] ?? null);
  } catch {
    return null;
  }
}

/** A new file name with the identity of this process: `<kind>.<pid>.<started>.<space>.<random>`. */
export async function nameWithIdentity(kind: string): Promise<string> {
  const started = (await startOf(process.pid)) ?? '0';
  return [kind, process.pid, started, await currentSpace(), randomBytes(6).toString('hex')].join('.');
}

/** File names of `kind` in `folder`, each with the process that created it. */
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

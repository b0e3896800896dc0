import { realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { namesWithIdentity, nameWithIdentity, type ProcessIdentity, processStateOf } from './process-identity.ts';

const kind = '.lock';

export interface LockTimes {
  /** Milliseconds between two heartbeats. */
  readonly beat: number;
  /** Milliseconds without a heartbeat after which a process of another container counts as dead. */
  readonly patience: number;
}

const usual: LockTimes = { beat: 1000, patience: 5000 };

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder (given by its real path) for this process. Throws if another process has it; the error names both.
 * Each process first creates its own lock file, then checks the others. So of two concurrent processes at most one
 * stays. A lock of a dead process does not block: its pid is checked on this machine, its heartbeat elsewhere.
 */
export async function lockFolder(folder: string, times: LockTimes = usual): Promise<FolderLock> {
  const name = await nameWithIdentity(kind);
  const file = join(folder, name);
  await writeFile(file, '', { flag: 'wx', mode: 0o640 });
  let lastBeat = Promise.resolve();
  const beating = setInterval(() => {
    lastBeat = lastBeat.then(() => beat(folder, file));
  }, times.beat).unref();
  const release = async (): Promise<void> => {
    clearInterval(beating);
    // A heartbeat under way could create the file again.
    await lastBeat;
    await rm(file, { force: true });
  };
  try {
    const others = [...(await namesWithIdentity(folder, kind))].filter(([other]) => other !== name);
    await Promise.all(others.map(([other, mark]) => yieldTo(folder, other, mark, times.patience)));
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** Updates the lock file's mtime, or creates the file again if the folder was removed and recreated. */
async function beat(folder: string, file: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(file, now, now).catch(() => rewrite(folder, file));
  } catch {
    // The folder is missing or not writable. The store's own calls report that.
  }
}

async function rewrite(folder: string, file: string): Promise<void> {
  if ((await realpath(folder)) === folder) await writeFile(file, '', { mode: 0o640 });
}

async function yieldTo(folder: string, name: string, mark: ProcessIdentity, patience: number): Promise<void> {
  const file = join(folder, name);
  const state = await processStateOf(mark);
  if (state === 'alive' || (state === 'elsewhere' && (await showsLife(file, patience)))) {
    const where = state === 'alive' ? '' : ' of another container or machine';
    throw new Error(`The folder ${folder} is in use by process ${mark.pid}${where}; stop it or use another folder`);
  }
  await rm(file, { force: true });
}

async function showsLife(file: string, patience: number): Promise<boolean> {
  const before = await touched(file);
  for (let looks = 0; looks < 20; looks += 1) {
    await pause(patience / 20);
    const now = await touched(file);
    if (now === null) return false;
    if (now !== before) return true;
  }
  return false;
}

async function touched(file: string): Promise<bigint | null> {
  try {
    return (await stat(file, { bigint: true })).mtimeNs;
  } catch {
    return null;
  }
}

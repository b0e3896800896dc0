import { realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { namesWithIdentity, nameWithIdentity, type ProcessIdentity, processStateOf } from './process-identity.ts';

const kind = '.lock';

export interface LockTimes {
  /** Milliseconds between two signs of life. */
  readonly beat: number;
  /** Milliseconds without a sign after which a holder that cannot be looked up (another container) counts as dead. */
  readonly patience: number;
}

const usual: LockTimes = { beat: 1000, patience: 5000 };

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one on a folder (given by its real path), or throws one sentence naming the folder and the process that has it.
 *
 * Everybody first writes an empty file of his own, whose name says who he is, and only then looks for the others. So of two
 * that come at the same time at least one sees the other and goes; both may, never do both stay. What a dead process left
 * does not stop the start: a dead pid of this machine is known at once, and one of another container by its silence.
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
    // One that is under way could write the file again behind us.
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

/** A folder that was removed under us comes back without the lock, so a beat writes what it cannot touch. */
async function beat(folder: string, file: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(file, now, now).catch(() => rewrite(folder, file));
  } catch {
    // The folder is not there, or not ours to write: the store's own calls say so to those who ask.
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
    throw new Error(
      `Expected to be the only process on the folder ${folder} but process ${mark.pid}${where} is using it`,
    );
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

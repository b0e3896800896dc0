import { constants, type PathLike } from 'node:fs';
import { mkdir, open, realpath, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../errors.ts';
import { errnoOf } from './disk-failure.ts';

/** Maximum number of folders known to be synced. An evicted one costs another fsync. */
const maxRemembered = 10_000;

/**
 * Folders under one root: created on demand, removed when empty, on disk once `sync` returns. Symbolic links are not
 * followed.
 */
export class DurableFolders {
  readonly #root: string;
  /** Folders whose entry in their parent is synced. */
  readonly #settled = new Set<string>();
  /**
   * Number of removals so far. A folder may be removed and recreated during a sync, so its result counts only without a
   * removal.
   */
  #removals = 0;
  #removing = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether `folder` exists and its path contains no symbolic link. */
  async exists(folder: string): Promise<boolean> {
    try {
      return (await realpath(folder)) === folder;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /**
   * Creates `folder` and its missing parents. A concurrent `prune` may remove it again before its first file: retry
   * then.
   */
  async make(folder: string): Promise<void> {
    if (await this.exists(folder)) return;
    if (folder === this.#root) await mkdir(folder, { recursive: true, mode: 0o750 });
    else if (await this.#makeUnder(dirname(folder), folder)) return;
    if ((await realpath(folder)) !== folder) {
      throw new Failure('store-unreachable', 'A folder of the store is a symbolic link; replace it with a folder');
    }
  }

  /** Returns false if something exists at this path. */
  async #makeUnder(parent: string, folder: string): Promise<boolean> {
    await this.make(parent);
    try {
      await mkdir(folder, { mode: 0o750 });
      return true;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      return false;
    }
  }

  /**
   * Syncs `folder` and the entries of all folders above it. Call it after a file was placed in it.
   * Does nothing if a concurrent delete removed the folder.
   */
  async sync(folder: string): Promise<void> {
    await this.#settle(folder).catch(ignoreMissing);
  }

  async #settle(folder: string): Promise<void> {
    const removals = this.#removals;
    const climbed: string[] = [];
    await syncFolder(folder);
    for (let at = folder; at !== this.#root && !this.#isSettled(at); at = dirname(at)) {
      await syncFolder(dirname(at));
      climbed.push(at);
    }
    if (this.#removing > 0 || removals !== this.#removals) return;
    if (this.#settled.size + climbed.length > maxRemembered) this.#settled.clear();
    for (const at of climbed) this.#settled.add(at);
  }

  /** Removes `folder` and its parents as far as they are empty, then syncs the lowest folder that remains. */
  async prune(folder: string): Promise<void> {
    let at = folder;
    while (at !== this.#root && (await this.#removeEmpty(at))) at = dirname(at);
    await syncFolder(at).catch(ignoreMissing);
  }

  #isSettled(folder: string): boolean {
    return this.#removing === 0 && this.#settled.has(folder);
  }

  /** Returns false if the folder is not empty. A missing folder counts as removed. */
  async #removeEmpty(folder: string): Promise<boolean> {
    this.#removing += 1;
    try {
      await rmdir(folder);
      return true;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return true;
      if (errnoOf(error) === 'ENOTEMPTY' || errnoOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      this.#removing -= 1;
      this.#removals += 1;
      this.#settled.delete(folder);
    }
  }
}

/** Syncs a file, or the entries of a folder. Throws ELOOP for a symbolic link. */
export async function syncFile(path: PathLike): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const syncFolder = syncFile;

/** Whether the path does not exist, or a file or symbolic link is in the place of a folder. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error));
}

export function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

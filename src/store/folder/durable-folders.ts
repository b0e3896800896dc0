import { constants, type PathLike } from 'node:fs';
import { mkdir, open, realpath, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../errors.ts';
import { errnoOf } from './disk-failure.ts';

/** How many folders are remembered as safe on disk; a forgotten one costs an fsync again. */
const maxRemembered = 10_000;

/**
 * The folders under one root: made when needed, removed when empty, and safe on disk when `settle` returns.
 * None is reached through a symbolic link.
 */
export class DurableFolders {
  readonly #root: string;
  /** Folders whose own entry in their parent is on disk. */
  readonly #settled = new Set<string>();
  /** A folder may vanish and come back while somebody is settling it: nothing is believed across a removal. */
  #removals = 0;
  #removing = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether `folder` stands and no symbolic link leads to it. */
  async exists(folder: string): Promise<boolean> {
    try {
      return (await realpath(folder)) === folder;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Makes `folder` and what is missing above it. Another's `prune` may take it away before it is used: try again then. */
  async make(folder: string): Promise<void> {
    if (await this.exists(folder)) return;
    if (folder === this.#root) await mkdir(folder, { recursive: true, mode: 0o750 });
    else if (await this.#makeUnder(dirname(folder), folder)) return;
    if ((await realpath(folder)) !== folder) {
      throw new Failure('store-unreachable', 'Expected a folder of the store but received a symbolic link');
    }
  }

  /** False where something stands there by now, whatever it is. */
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
   * Call it when a file stands in `folder`: its name, and the names of all folders above it, are then on disk.
   * Where somebody has deleted the file meanwhile, and the folder with it, there is nothing left to save.
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

  /** Removes `folder` and those above it as far as they are empty, and puts the lowest that stays on disk. */
  async prune(folder: string): Promise<void> {
    let at = folder;
    while (at !== this.#root && (await this.#removeEmpty(at))) at = dirname(at);
    await syncFolder(at).catch(ignoreMissing);
  }

  #isSettled(folder: string): boolean {
    return this.#removing === 0 && this.#settled.has(folder);
  }

  /** False where it is not empty. One that is gone already counts as removed. */
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

/** fsync of a file's bytes, or of a folder's names. A symbolic link is refused (ELOOP). */
export async function syncFile(path: PathLike): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const syncFolder = syncFile;

/** Nothing there, a file where a folder should be, or a symbolic link where none may be: nothing of ours. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error));
}

export function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

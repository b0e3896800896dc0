import type { Dirent } from 'node:fs';
import { opendir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isStorageKey } from '../keys.ts';
import { isMissing } from './durable-folders.ts';

interface Bounds {
  readonly prefix: string;
  readonly after: string;
}

/** A folder with more names is read in pieces from then on: all at once, 20 000 stop the process for 20 ms. */
const many = 1024;
const pieceOf = 256;

/**
 * Finds the keys under `root`, in byte order of whole keys, as they are asked for: only folders that can hold such a key
 * are read, one at a time per level. What is no plain file of ours (links, temp files, the lock) is passed over.
 */
export class FolderWalk {
  readonly #root: string;
  readonly #large = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The keys that begin with `prefix` and are greater than `after`. */
  keys(bounds: Bounds): AsyncGenerator<string> {
    const folder = bounds.prefix.slice(0, bounds.prefix.lastIndexOf('/') + 1);
    return this.#walk(folder, bounds);
  }

  /** `folder` is empty or ends with a slash. */
  async *#walk(folder: string, bounds: Bounds): AsyncGenerator<string> {
    let last = '';
    for (;;) {
      const names = await this.#names(folder, (name) => name > last && mayMatter(folder + name, bounds));
      for (const name of names) {
        if (name.endsWith('/')) yield* this.#walk(folder + name, bounds);
        else yield folder + name;
      }
      const end = names.at(-1);
      if (end === undefined || names.length < many) return;
      last = end;
    }
  }

  /** The first of the wanted names, `many` at least where there are so many: files, and folders with a slash, as keys are sorted. */
  async #names(folder: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
    try {
      return this.#large.has(folder) ? await this.#first(folder, isWanted) : await this.#all(folder, isWanted);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async #all(folder: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
    const entries = await readdir(join(this.#root, folder), { withFileTypes: true });
    if (entries.length > many) this.#large.add(folder);
    return entries
      .flatMap((entry) => nameOf(entry) ?? [])
      .filter(isWanted)
      .sort();
  }

  async #first(folder: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
    const least: string[] = [];
    let ceiling: string | undefined;
    const cut = () => {
      least.sort();
      least.length = Math.min(least.length, many);
      ceiling = least[many - 1];
    };
    for await (const entry of await opendir(join(this.#root, folder), { bufferSize: pieceOf })) {
      const name = nameOf(entry);
      if (name === null || (ceiling !== undefined && name > ceiling) || !isWanted(name)) continue;
      if (least.push(name) === 2 * many) cut();
    }
    cut();
    return least;
  }
}

/** `a-b` stands before `a/b`, `a0` after it; null for what is no file and no folder. */
function nameOf(entry: Dirent): string | null {
  if (entry.isDirectory()) return `${entry.name}/`;
  return entry.isFile() ? entry.name : null;
}

function mayMatter(at: string, bounds: Bounds): boolean {
  if (at.endsWith('/')) return mayHold(at, bounds) && isStorageKey(at.slice(0, -1));
  return at > bounds.after && at.startsWith(bounds.prefix) && isStorageKey(at);
}

/** All keys in a folder begin with its name: they are all before `after`, or all behind, unless `after` does so too. */
function mayHold(folder: string, { prefix, after }: Bounds): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  return after.startsWith(folder) || folder > after;
}

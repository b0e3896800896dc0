import type { Dirent } from 'node:fs';
import { opendir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isStorageKey } from '../keys.ts';
import { isMissing } from './durable-folders.ts';

interface Bounds {
  readonly prefix: string;
  readonly after: string;
}

/** Number of names from which a folder is read in pieces. Reading 20 000 at once blocks the event loop for 20 ms. */
const many = 1024;
const pieceOf = 256;

/**
 * Lists keys under `root` in byte order, lazily: one folder at a time per level, and only folders that can contain
 * matches. Skips everything but regular files with valid keys: links, temp files, the lock.
 */
export class FolderWalk {
  readonly #root: string;
  readonly #large = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Keys that begin with `prefix` and are greater than `after`. */
  keys(bounds: Bounds): AsyncGenerator<string> {
    const folder = bounds.prefix.slice(0, bounds.prefix.lastIndexOf('/') + 1);
    return this.#walk(folder, bounds);
  }

  /** Walks one folder. `folder` is empty or ends with a slash. */
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

  /**
   * The first matching names in order, at least `many` if so many exist. Folders end with a slash, since keys sort that
   * way.
   */
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

/** Name for sorting: `a-b` comes before `a/b`, `a0` after it. Null for anything but files and folders. */
function nameOf(entry: Dirent): string | null {
  if (entry.isDirectory()) return `${entry.name}/`;
  return entry.isFile() ? entry.name : null;
}

function mayMatter(at: string, bounds: Bounds): boolean {
  if (at.endsWith('/')) return mayHold(at, bounds) && isStorageKey(at.slice(0, -1));
  return at > bounds.after && at.startsWith(bounds.prefix) && isStorageKey(at);
}

/** Whether a folder can contain a key with `prefix` that is greater than `after`. */
function mayHold(folder: string, { prefix, after }: Bounds): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  return after.startsWith(folder) || folder > after;
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './durable-folders.ts';
import { isKey } from './keys.ts';

interface Bounds {
  readonly prefix: string;
  readonly after: string;
}

/**
 * The keys under `root` that begin with `prefix` and are greater than `after`, in byte order of whole keys, found as they
 * are asked for: only folders that can hold such a key are read, one at a time per level. What is no plain file of ours
 * (links, temp files, the lock) is passed over.
 */
export function walkKeys(root: string, bounds: Bounds): AsyncGenerator<string> {
  const folder = bounds.prefix.slice(0, bounds.prefix.lastIndexOf('/') + 1);
  return walk(root, folder, bounds);
}

/** `folder` is empty or ends with a slash. */
async function* walk(root: string, folder: string, bounds: Bounds): AsyncGenerator<string> {
  for (const name of await namesIn(join(root, folder))) {
    const at = folder + name;
    if (name.endsWith('/')) {
      if (mayHold(at, bounds) && isKey(at.slice(0, -1))) yield* walk(root, at, bounds);
    } else if (at > bounds.after && at.startsWith(bounds.prefix) && isKey(at)) {
      yield at;
    }
  }
}

/** Files by their names, folders with a slash, in the order their keys have: `a-b` stands before `a/b`, `a0` after it. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** All keys in a folder begin with its name: they are all before `after`, or all behind, unless `after` does so too. */
function mayHold(folder: string, { prefix, after }: Bounds): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  return after.startsWith(folder) || folder > after;
}

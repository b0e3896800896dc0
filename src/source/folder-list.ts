import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../store/folder/disk-failure.ts';
import { isPath, isPicturePath, type SourceEntry, type SourcePage } from './source.ts';

interface Wanted {
  readonly prefix: string;
  /** Only paths behind this one. */
  readonly after: string;
}

/** A page of the pictures below a folder, in order of their paths. Links and hidden names are passed over. */
export async function listFolder(root: string, wanted: Wanted, limit: number): Promise<SourcePage> {
  const entries: SourceEntry[] = [];
  for await (const path of walk(root, '', wanted)) {
    if (entries.length === limit) return { entries, next: entries.at(-1)?.path ?? null };
    const found = await stat(join(root, path)).catch(() => null);
    if (found !== null) entries.push({ path, bytes: found.size, modified: Math.round(found.mtimeMs) });
  }
  return { entries, next: null };
}

/** `folder` is empty or ends with a slash. A folder that goes meanwhile has no pictures. */
async function* walk(root: string, folder: string, wanted: Wanted): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((cause: unknown) => {
    if (folder !== '' && ['ENOENT', 'ENOTDIR', 'EACCES'].includes(errnoOf(cause))) return [];
    throw cause;
  });
  const names = entries.flatMap((entry) => nameOf(entry) ?? []);
  // A folder sorts with its slash, as whole paths do.
  for (const name of names.sort()) {
    const path = folder + name;
    if (name.endsWith('/')) {
      if (mayHold(path, wanted)) yield* walk(root, path, wanted);
    } else if (path.startsWith(wanted.prefix) && path > wanted.after && isPath(path) && isPicturePath(path)) yield path;
  }
}

function nameOf(entry: Dirent): string | null {
  if (entry.name.startsWith('.')) return null;
  if (entry.isDirectory()) return `${entry.name}/`;
  return entry.isFile() ? entry.name : null;
}

/** All paths in a folder begin with its name: they are all before `after`, or all behind, unless `after` does so too. */
function mayHold(folder: string, { prefix, after }: Wanted): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  return after.startsWith(folder) || folder > after;
}

import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { shorten } from '../../errors.ts';
import { idOfPath, idPattern } from '../../transform/id.ts';
import { CommandError } from '../command.ts';

/** A file to be stored. */
export interface PictureFile {
  readonly path: string;
  readonly id: string;
  readonly bytes: number;
}

export interface FoundFiles {
  readonly pictures: readonly PictureFile[];
  /** Files of folders that are no pictures by their names. */
  readonly skipped: readonly string[];
}

export interface Naming {
  /** What ids begin with. */
  readonly prefix: string;
  /** Whether ids go without the file's extension. */
  readonly bare: boolean;
}

/** What the door may take, by name; a file that is named itself is sent whatever its name. */
const isPicture = /\.(?:jpe?g|png|webp|avif|gif|tiff?|svg|heic|heif)$/i;

/**
 * The files that operands name, folders with all below them but what begins with a dot; links inside of folders are not followed.
 * An id is what the same path would have in a source: `shoes/red.jpg` is `shoes:red.jpg`. Throws `usage` where two would have the same.
 */
export async function findPictures(operands: readonly string[], naming: Naming): Promise<FoundFiles> {
  const ids = new Map<string, PictureFile>();
  const skipped: string[] = [];
  const add = async (path: string, name: string) => {
    const id = idOf(name, naming);
    const other = ids.get(id);
    if (other?.path === path) return;
    if (other !== undefined)
      throw new CommandError('usage', `Expected an id for each file but ${other.path} and ${path} are both ${id}`);
    ids.set(id, { path, id, bytes: (await stat(path)).size });
  };
  for (const operand of operands) {
    const found = await stat(operand).catch(() => null);
    if (found === null)
      throw new CommandError('usage', `Expected a file or folder at ${shorten(operand, 200)} but there is none`);
    if (!found.isDirectory()) {
      await add(operand, basename(operand));
      continue;
    }
    for (const file of await filesBelow(operand)) {
      if (isPicture.test(file)) await add(file, relative(operand, file).split(sep).join('/'));
      else skipped.push(file);
    }
  }
  return { pictures: [...ids.values()], skipped };
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of sorted) {
    const path = join(folder, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory()) found.push(...(await filesBelow(path)));
  }
  return found;
}

function idOf(name: string, { prefix, bare }: Naming): string {
  const plain = bare ? name.replace(/(?<=[^/])\.[^./]*$/, '') : name;
  const id = idOfPath(prefix.replaceAll(':', '/') + plain);
  if (idPattern.test(id)) return id;
  throw new CommandError(
    'usage',
    `Expected a path that fits into an id of 200 characters (183 bytes in any script) but received ${shorten(name, 80)}`,
  );
}
